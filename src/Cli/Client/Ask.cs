using System.CommandLine;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Domain;

namespace VerSemi.Cli.Client;

/// <summary>Commands that ask the platform something, or tell it something, and end.</summary>
internal static class Ask
{
    public static void SetQuestion(this Command command, Func<ApiClient, ParseResult, Out, CancellationToken, Task> ask) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = parsed.DataFolder();
            if (!Directory.Exists(data.Path))
                throw new DomainException($"There is no data folder {data.Path}. Start one with 'versemi up', or name another with --data.");
            await using var session = await PlatformSession.OpenAsync(data, new HostPlan(command.Name, Workers: false), cancellation);
            await ask(session.Api, parsed, Out.Of(parsed), cancellation);
            return ExitCodes.Ok;
        });

    public static Option<string?> Why() => new("--why") { Description = "The reason, kept in the timeline" };

    /// <summary>Whose act it is, in the timeline and the ledger.</summary>
    public static string Who => Environment.UserName;

    /// <summary>"3", "main/3".</summary>
    public static (string Line, int Version) ModelOf(string id)
    {
        var parts = id.Split('/');
        if (parts.Length <= 2 && int.TryParse(parts[^1], out var version) && version > 0)
            return (parts.Length == 2 ? parts[0] : "main", version);
        throw new UsageException($"'{id}' is not a model. Give its version, as 3 or main/3; 'versemi models' lists them.");
    }
}
