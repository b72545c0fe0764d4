using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi scrub [--rate MIB] [--restart]`: is everything in the store what was written?</summary>
internal static class ScrubCommand
{
    public static Command Create()
    {
        var rate = new Option<double?>("--rate") { Description = "MiB to read per second at most (default: Orchestrator:Scrub:MostMiBPerSecond, 50)" };
        var restart = new Option<bool>("--restart") { Description = "Begin at the first blob, also where an earlier verification was interrupted" };
        var command = new Command("scrub", "Read everything that is live in the blob store, compare it with its recorded hashes, and list what is damaged or missing; exit code 1 when something is. An interrupted one is continued") { rate, restart };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await Ask.OpenAsync(parsed, new HostPlan(command.Name, Workers: false), cancellation);
            var output = Out.Of(parsed);
            var started = await session.Api.PostAsync<ScrubView>(Routes.Scrub, new StartScrub(parsed.GetValue(restart), parsed.GetValue(rate)), cancellation);
            var report = await output.WithProgressAsync(view => FollowAsync(session, started, view, cancellation));
            Show(output, report);
            return report.Damaged == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<ScrubRecord> FollowAsync(PlatformSession session, ScrubView view, IProgressView progress, CancellationToken cancellation)
    {
        var began = view.Running?.StartedAt;
        while (view.Running is { } running)
        {
            progress.Show("Verifying", $"{running.Blobs} blobs, {running.Bytes >> 20} MiB, {running.Damaged} damaged");
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            view = await session.Api.GetAsync<ScrubView>(Routes.Scrub, cancellation);
        }
        return view.Last is { } last && (began is null || last.StartedAt >= began) ? last
            : throw new Domain.DomainException("The verification ended without a report. Run it again; the orchestrator's log says why.");
    }

    private static void Show(Out output, ScrubRecord report)
    {
        if (output.IsJson)
        {
            Out.Json(report);
            return;
        }
        output.Facts("Stored content", ("blobs", report.Blobs), ("MiB", report.Bytes >> 20), ("damaged or missing", report.Damaged), ("began", report.StartedAt), ("ended", report.FinishedAt));
        foreach (var found in report.Findings)
            output.Line(found.Fault);
    }
}
