using System.Diagnostics;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Domain;

namespace VerSemi.Cli.Drills;

/// <param name="Within">So long may it take until work goes on.</param>
/// <param name="Watch">So long is waited for the end of what was under way.</param>
internal sealed record DrillLimits(TimeSpan Within, TimeSpan Watch);

/// <summary>Breaks something, watches how the platform mends itself, and counts what it cost.</summary>
internal sealed class Drill(DrillKind kind, Fault fault, Snapshot before, IReadOnlyList<ApiClient> servers, DrillLimits limits, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Recovery _recovery = new(fault.Victim);
    private readonly TaskCompletionSource _noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = new();
    private TimeSpan? _over;

    public async Task<DrillReport> RunAsync(IProgressView view, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        _clock.Start();
        var doing = DoAsync(cancellation);
        try
        {
            await WatchAsync(doing, view, cancellation);
        }
        finally
        {
            // Whatever happens: what was broken is restored.
            await doing;
        }
        return await ReportAsync(at, cancellation);
    }

    private async Task DoAsync(CancellationToken cancellation)
    {
        try
        {
            await Shell.RunAsync(fault.Inject, cancellation);
            if (fault.Restore is not null)
                await LastAsync(cancellation);
        }
        finally
        {
            if (fault.Restore is { } restore)
                await Shell.RunAsync(restore, CancellationToken.None);
        }
        _over = _clock.Elapsed;
    }

    private async Task LastAsync(CancellationToken cancellation)
    {
        var lasts = Task.Delay(fault.Lasts, cancellation);
        await Task.WhenAny(fault.EndsOnceNoticed ? [lasts, _noticed.Task] : [lasts]);
    }

    private async Task WatchAsync(Task doing, IProgressView view, CancellationToken cancellation)
    {
        var looker = new Looker(servers, kind.Watched);
        while (_clock.Elapsed < limits.Watch && !doing.IsFaulted)
        {
            // Before the look: what it sees came after.
            var isOver = doing.IsCompleted;
            _recovery.See(await looker.LookAsync(_clock.Elapsed, cancellation), isOver);
            if (_recovery.Noticed is not null)
                _noticed.TrySetResult();
            if (isOver && _recovery is { Recovered: not null, UnderWay.Count: 0 })
                return;
            view.Show(Headline(isOver));
            await Task.Delay(Pause, cancellation);
        }
        // A fault that outlasts the watch ends with it.
        _noticed.TrySetResult();
    }

    private string Headline(bool isOver) =>
        _recovery.Recovered is { } recovered ? $"Work goes on since {Seconds(recovered.At)} s; waiting for the end of what was under way"
        : _recovery.Noticed is { } noticed ? $"Noticed after {Seconds(noticed.At)} s; waiting for work to go on"
        : isOver ? "Done to the system; waiting for it to notice"
        : "Breaking the system";

    private async Task<DrillReport> ReportAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var (after, unanswered) = await EndAsync(cancellation);
        var watched = _clock.Elapsed;
        var open = after?.UnderWay.Intersect(before.UnderWay).ToList() ?? [.. before.UnderWay];
        var stuck = open.Where(name => after is null || _recovery.StillFor(name, watched) >= Still).ToList();
        return new DrillReport(
            kind.Name, fault.Inject, fault.Restore, at,
            Seconds(_recovery.Noticed?.At), _recovery.Noticed?.What, Seconds(_over), Seconds(_recovery.Recovered?.At), _recovery.Recovered?.What, Seconds(limits.Within), Seconds(watched),
            before.UnderWay, Read(Findings.DropsLost), Read(Findings.PromotionsLost), Read(Findings.PromotionsDoubled), Read(Findings.CyclesFailed),
            [.. stuck, .. Read(Findings.CyclesGone)], [.. open.Except(stuck)], unanswered);

        IReadOnlyList<string> Read(Func<Snapshot, Snapshot, IEnumerable<string>> find) => after is null ? [] : [.. find(before, after)];
    }

    /// <summary>Long enough to call it stuck; at most half of the watch, or nothing ever could be.</summary>
    private TimeSpan Still => limits.Within < limits.Watch / 2 ? limits.Within : limits.Watch / 2;

    private async Task<(Snapshot? After, string? Unanswered)> EndAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var server in servers)
            try
            {
                return (await Snapshot.TakeAsync(server, cancellation), null);
            }
            catch (Exception e) when (e is HttpRequestException or DomainException)
            {
                problems.Add($"{server.Address}: {e.Message}");
            }
        return (null, string.Join(Environment.NewLine, problems));
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    private static double? Seconds(TimeSpan? time) => time is { } known ? Seconds(known) : null;
}
