using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Drills;
using VerSemi.Cli.Output;
using VerSemi.Domain;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi drill NAME --server URL`: breaks something on purpose, and says how long the platform took to mend itself, and what it cost.</summary>
internal static class DrillCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Argument<string> Name = new("NAME") { Description = string.Join("; ", DrillKinds.All.Select(kind => $"{kind.Name}: {kind.What}")) };
    private static readonly Option<string?> Inject = new("--inject") { Description = "What is done, a command for /bin/sh, as \"kubectl -n versemi delete pod … --grace-period=0 --force\" (default: a signal to the process, where it runs on this machine; needed for broker, database and blob store)" };
    private static readonly Option<string?> Restore = new("--restore") { Description = "What undoes it, a command for /bin/sh (default: nothing; for pause-trainer the signal to go on)" };
    private static readonly Option<double?> Lasts = new("--for") { Description = "Seconds between --inject and --restore (default: 0 after a kill, 10 for an outage; pause-trainer: until it was noticed, at most 120)" };
    private static readonly Option<double> Within = new("--within") { Description = "Seconds that may pass until work goes on", DefaultValueFactory = _ => 120 };
    private static readonly Option<double> Minutes = new("--watch") { Description = "Minutes to wait for the end of what was under way", DefaultValueFactory = _ => 10 };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask before it is done" };

    public static Command Create()
    {
        var command = new Command("drill", "Break a running platform (--server) on purpose and measure its recovery; exit code 1 when something was lost, doubled or stuck, or recovery took too long. What is done is shown and asked for first.")
        {
            Name, Inject, Restore, Lasts, Within, Minutes, Yes,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var kind = DrillKinds.Of(parsed.GetValue(Name)!);
            var limits = new DrillLimits(Positive(parsed, Within, TimeSpan.FromSeconds), Positive(parsed, Minutes, TimeSpan.FromMinutes));
            var lasts = parsed.GetValue(Lasts) is { } seconds ? Lasting(seconds) : kind.Lasts;
            var servers = Open(parsed);
            try
            {
                var before = await BeforeAsync(servers, cancellation);
                var choice = new FaultChoice(kind.Name, parsed.GetValue(Inject), parsed.GetValue(Restore), lasts);
                var agreed = kind.Choose(before, choice);
                if (!await AgreedAsync(kind, agreed, before, parsed.GetValue(Yes), cancellation))
                    return ExitCodes.Failed;
                // Whoever was asked took time to answer.
                before = await BeforeAsync(servers, cancellation);
                var fault = kind.Choose(before, choice);
                if (fault.Inject != agreed.Inject)
                    throw new DomainException($"Meanwhile it would have to be '{fault.Inject}': nothing was done. Call the drill again.");
                var output = Out.Of(parsed);
                var report = await output.WithProgressAsync(view => new Drill(kind, fault, before, servers, limits, TimeProvider.System).RunAsync(view, cancellation));
                DrillOutcome.Show(output, report);
                return report.Passed ? ExitCodes.Ok : ExitCodes.Failed;
            }
            finally
            {
                foreach (var server in servers)
                    server.Dispose();
            }
        });
        return command;
    }

    private static List<ApiClient> Open(ParseResult parsed) => parsed.Servers() is { Count: > 0 } servers
        ? [.. servers.Select(server => new ApiClient(server, Credentials.TokenFor(server, TimeProvider.System), Patience))]
        : throw new UsageException("A drill needs --server: the address of the platform to break, once for each replica.");

    /// <summary>A system that is in trouble already shows nothing about the drill's fault.</summary>
    private static async Task<Snapshot> BeforeAsync(List<ApiClient> servers, CancellationToken cancellation)
    {
        var look = await new Looker(servers, []).LookAsync(TimeSpan.Zero, cancellation);
        return look.Troubles.Count == 0
            ? await Snapshot.TakeAsync(servers[0], cancellation)
            : throw new DomainException($"The platform is in trouble before the drill: {string.Join(" ", look.Troubles)} Mend that first.");
    }

    private static async Task<bool> AgreedAsync(DrillKind kind, Fault fault, Snapshot before, bool yes, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"{kind.Name}: {kind.What}.");
        await Console.Error.WriteLineAsync($"  inject:    {fault.Inject}");
        if (fault.Restore is not null)
            await Console.Error.WriteLineAsync($"  restore:   {fault.Restore}   ({(fault.EndsOnceNoticed ? "once it was noticed, at the latest " : "")}after {fault.Lasts.TotalSeconds:0.#} s)");
        await Console.Error.WriteLineAsync($"  under way: {(before.UnderWay.Count == 0 ? "nothing" : string.Join(", ", before.UnderWay))}");
        if (yes)
            return true;
        if (Console.IsInputRedirected)
            throw new UsageException("A drill breaks the platform for real: say --yes where nobody can be asked.");
        await Console.Error.WriteAsync("Do this? [y/N] ");
        return (await Console.In.ReadLineAsync(cancellation))?.Trim() is "y" or "Y" or "yes";
    }

    private static TimeSpan Positive(ParseResult parsed, Option<double> option, Func<double, TimeSpan> span) => parsed.GetValue(option) is > 0 and < 1e6 and var value
        ? span(value)
        : throw new UsageException($"{option.Name} is {parsed.GetValue(option)}: it must be above 0 and below a million.");

    private static TimeSpan Lasting(double seconds) => seconds is >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : throw new UsageException($"--for is {seconds}: it must be 0 or more, and below a million.");
}
