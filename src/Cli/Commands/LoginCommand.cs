using System.CommandLine;
using Spectre.Console;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi login`: from then on, commands on that server are by whoever the token is of; `versemi logout` forgets it.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var device = new Option<bool>("--device") { Description = "Sign in with a browser by a code, also where a token could be given" };
        var command = new Command("login", "Sign in at a server (--server): with a static token, by a prompt or standard input, or with a code in any browser") { device };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (server, output) = (ServerOf(parsed), Out.Of(parsed));
            using var anonymous = new ApiClient(server);
            var ways = await anonymous.GetAsync<AccessView>(Routes.Access, cancellation);
            if (ways.Open)
            {
                output.Line($"{server} asks nobody who they are: there is nothing to do.");
                return ExitCodes.Ok;
            }
            var credential = await AskAsync(ways, parsed.GetValue(device), server, output, cancellation);
            using var api = new ApiClient(server, credential.Token);
            var me = await api.GetAsync<MeView>(Routes.Me, cancellation);
            Credentials.Keep(server, credential);
            output.Line($"Signed in at {server} as {me.Name} ({me.Roles[^1]}), kept in {Credentials.File}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command CreateLogout()
    {
        var command = new Command("logout", "Forget the sign-in at a server (--server)");
        command.SetAction(parsed =>
        {
            var server = ServerOf(parsed);
            Out.Of(parsed).Line(Credentials.Forget(server) ? $"Forgot the sign-in at {server}. A static token still holds until it is revoked." : $"Nobody is signed in at {server}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<Credential> AskAsync(AccessView ways, bool wantsDevice, Uri server, Out output, CancellationToken cancellation)
    {
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            throw new DomainException($"{server} is not https: whoever listens on the way would have the token. Give the https address.");
        if (wantsDevice || (!ways.Tokens && !Console.IsInputRedirected))
            return ways.Device is { } issuer
                ? await DeviceCode.AskAsync(issuer, output.Console.WriteLine, TimeProvider.System, cancellation)
                : throw new DomainException($"{server} has no device codes (Access:OpenIdConnect:DeviceClientId). Give a token of its issuer by standard input, or let an administrator make a static one.");
        var token = Console.IsInputRedirected
            ? await Console.In.ReadLineAsync(cancellation)
            : await output.Console.PromptAsync(new TextPrompt<string>("Token:").Secret(), cancellation);
        return string.IsNullOrWhiteSpace(token)
            ? throw new UsageException("There was no token. Paste it at the prompt, or send it by standard input.")
            : new Credential(token.Trim());
    }

    private static Uri ServerOf(ParseResult parsed) => parsed.Servers() is [var server] ? server
        : throw new UsageException($"'versemi {parsed.CommandResult.Command.Name}' needs one --server URL: the platform of a data folder knows who starts it.");
}
