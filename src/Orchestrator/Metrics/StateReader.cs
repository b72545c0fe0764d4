using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Scrubbing;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Metrics;

/// <summary>Reads <see cref="PlatformState"/>: a dozen small queries, whatever number of rows there are.</summary>
internal sealed class StateReader(OrchestratorDb db, LineRecipes recipes, IQueueDepths queues, ScrubService scrubs)
{
    private static readonly string[] CycleWords =
    [
        CycleStates.Collecting, CycleStates.Expanding, CycleStates.Training, CycleStates.Evaluating, CycleStates.Judging, CycleStates.AwaitingApproval, CycleStates.Promoting, CycleStates.Cancelling,
        .. CycleStates.Final,
    ];

    private static readonly string[] RunWords =
        [RunStates.Queued, RunStates.Leased, RunStates.Trained, RunStates.Evaluated, RunStates.Cancelling, RunStates.Failed, RunStates.Cancelled];

    public async Task<PlatformState> ReadAsync(CancellationToken cancellation)
    {
        await db.Clock.SetAsync(db, cancellation);
        var leases = await db.Leases.AsNoTracking().ToListAsync(cancellation);
        return new PlatformState
        {
            Cycles = Whole(CycleWords, await db.Cycles.GroupBy(cycle => new { cycle.Line, cycle.State }).Select(group => new StateCount(group.Key.Line, group.Key.State, group.Count())).ToListAsync(cancellation)),
            Runs = Whole(RunWords, await db.Runs.GroupBy(run => new { run.Line, run.State }).Select(group => new StateCount(group.Key.Line, group.Key.State, group.Count())).ToListAsync(cancellation)),
            CycleAges = await CycleAgesAsync(cancellation),
            Waiting = [.. await WaitingRunsAsync(cancellation), await WaitingImagesAsync(cancellation)],
            Leases = [.. Enum.GetValues<WorkKind>().Select(work => new WorkCount(work.ToString(), leases.Count(lease => lease.Work == work)))],
            Trainings = await TrainingsAsync(leases, cancellation),
            Lines = await LinesAsync(cancellation),
            Schedules = await SchedulesAsync(cancellation),
            Queues = await QueuesAsync(cancellation),
            DamagedBlobs = scrubs.Latest is { Last: { } last } view ? Math.Max(last.Damaged, view.Running?.Damaged ?? 0) : scrubs.Latest.Running?.Damaged,
            ScrubAge = scrubs.Latest.Last?.FinishedAt is { } ended ? Since(ended) : null,
        };
    }

    /// <summary>Also the states that nothing is in, with 0.</summary>
    private List<StateCount> Whole(string[] states, List<StateCount> found) =>
    [
        .. from line in recipes.Lines.Union(found.Select(count => count.Line))
           from state in states
           select found.FirstOrDefault(count => count.Line == line && count.State == state) ?? new StateCount(line, state, 0),
    ];

    private async Task<List<StateAge>> CycleAgesAsync(CancellationToken cancellation)
    {
        var open = await db.Cycles.AsNoTracking().Where(cycle => !CycleStates.Final.Contains(cycle.State)).Select(cycle => new { cycle.Line, cycle.State, cycle.Id, cycle.CreatedAt }).ToListAsync(cancellation);
        var since = await EnteredAsync("cycle", [.. open.Select(cycle => cycle.Id)], cancellation);
        return [.. open.GroupBy(cycle => (cycle.Line, cycle.State)).Select(group =>
            new StateAge(group.Key.Line, group.Key.State, Since(group.Min(cycle => since.GetValueOrDefault(cycle.Id, cycle.CreatedAt)))))];
    }

    private async Task<IEnumerable<WaitingWork>> WaitingRunsAsync(CancellationToken cancellation)
    {
        var waiting = await db.Runs.AsNoTracking().Where(run => run.State == RunStates.Queued || (run.State == RunStates.Trained && run.Evaluate))
            .Select(run => new { run.Id, run.TrainedAttempt, run.CreatedAt }).ToListAsync(cancellation);
        var since = await EnteredAsync("run", [.. waiting.Select(run => run.Id)], cancellation);
        return Enum.GetValues<WorkKind>().Select(work =>
        {
            var runs = waiting.Where(run => (run.TrainedAttempt is null ? WorkKind.Train : WorkKind.Evaluate) == work).ToList();
            return new WaitingWork(work.ToString(), runs.Count, runs.Count == 0 ? TimeSpan.Zero : Since(runs.Min(run => since.GetValueOrDefault(run.Id, run.CreatedAt))));
        });
    }

    private async Task<WaitingWork> WaitingImagesAsync(CancellationToken cancellation)
    {
        var times = await db.Segmentations.AsNoTracking().Where(row => row.State == SegmentationStates.Queued).Select(row => row.CreatedAt).ToListAsync(cancellation);
        return new WaitingWork("Segment", times.Count, times.Count == 0 ? TimeSpan.Zero : Since(times.Min()));
    }

    /// <summary>When each entered the state that it is in. A row's own time of change moves with every repeated ring.</summary>
    private async Task<Dictionary<string, DateTimeOffset>> EnteredAsync(string kind, List<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return [];
        var rows = await db.Timeline.AsNoTracking().Where(row => row.Kind == kind && ids.Contains(row.Subject) && row.Event == "state")
            .Select(row => new { row.Subject, row.At }).ToListAsync(cancellation);
        return rows.GroupBy(row => row.Subject).ToDictionary(group => group.Key, group => group.Max(row => row.At));
    }

    private async Task<List<TrainingNow>> TrainingsAsync(List<LeaseRow> leases, CancellationToken cancellation)
    {
        var ids = leases.Where(lease => lease is { Work: WorkKind.Train, Progress: not null }).Select(lease => lease.Run).ToList();
        var lines = await db.Runs.AsNoTracking().Where(run => ids.Contains(run.Id)).ToDictionaryAsync(run => run.Id, run => run.Line, cancellation);
        return [.. leases.Where(lease => lease is { Work: WorkKind.Train, Progress: not null } && lines.ContainsKey(lease.Run)).Select(lease => new TrainingNow(lines[lease.Run], lease.Run, lease.Progress!))];
    }

    private async Task<List<LineState>> LinesAsync(CancellationToken cancellation)
    {
        var lines = new List<LineState>();
        foreach (var line in recipes.Lines)
            lines.Add(await LineAsync(line, cancellation));
        return lines;
    }

    private async Task<LineState> LineAsync(string line, CancellationToken cancellation)
    {
        var current = await db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderByDescending(row => row.Generation).Select(row => new { row.Version }).FirstOrDefaultAsync(cancellation);
        var model = current is null ? null : await db.Models.AsNoTracking().FirstOrDefaultAsync(row => row.Line == line && row.Version == current.Version, cancellation);
        var promoted = await db.Ledger.AsNoTracking().Where(row => row.Line == line && row.Kind == "promotion").OrderByDescending(row => row.Generation).Select(row => (DateTimeOffset?)row.At).FirstOrDefaultAsync(cancellation);
        var since = promoted ?? await db.Cycles.AsNoTracking().Where(cycle => cycle.Line == line).OrderBy(cycle => cycle.Number).Select(cycle => (DateTimeOffset?)cycle.CreatedAt).FirstOrDefaultAsync(cancellation);
        var unpromoted = since is null ? 0 : await db.Cycles.CountAsync(
            cycle => cycle.Line == line && cycle.CreatedAt >= since && (cycle.State == CycleStates.Rejected || cycle.State == CycleStates.Failed), cancellation);
        return new LineState(line, current?.Version, model?.TaskDice ?? [], since is { } time ? Since(time) : null, unpromoted);
    }

    /// <summary>A schedule that somebody paused is left out: that it does not fire is what was wanted.</summary>
    private Task<List<ScheduleState>> SchedulesAsync(CancellationToken cancellation) => db.Schedules.AsNoTracking().Where(row => !row.Paused).Select(row => new ScheduleState(
        row.Name, row.Line,
        db.Firings.Count(firing => firing.Schedule == row.Name && firing.Line == row.Line && !firing.Fired
            && firing.Id > (db.Firings.Where(fired => fired.Schedule == row.Name && fired.Line == row.Line && fired.Fired).Max(fired => (long?)fired.Id) ?? 0)))).ToListAsync(cancellation);

    private async Task<IReadOnlyList<QueueDepth>?> QueuesAsync(CancellationToken cancellation)
    {
        try
        {
            return await queues.ReadAsync(cancellation);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private TimeSpan Since(DateTimeOffset time) => db.Clock.Now > time ? db.Clock.Now - time : TimeSpan.Zero;
}
