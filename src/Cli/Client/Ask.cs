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
            await using var session = await OpenAsync(parsed, new HostPlan(command.Name, Workers: false), cancellation);
            await ask(session.Api, parsed, Out.Of(parsed), cancellation);
            return ExitCodes.Ok;
        });

    /// <summary>A platform that runs elsewhere, or that of a data folder which is there.</summary>
    public static Task<PlatformSession> OpenAsync(ParseResult parsed, HostPlan plan, CancellationToken cancellation)
    {
        if (parsed.Servers().Count == 0)
            ExistingData(parsed);
        return PlatformSession.OpenAsync(parsed, plan, cancellation);
    }

    public static DataFolder ExistingData(ParseResult parsed)
    {
        var data = parsed.DataFolder();
        return Directory.Exists(data.Path) ? data
            : throw new DomainException($"There is no data folder {data.Path}. Start one with 'versemi up', name another with --data, or a running platform with --server.");
    }

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
