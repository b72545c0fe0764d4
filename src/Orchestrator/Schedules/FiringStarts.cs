using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Metrics;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>
/// From a firing to its cycle. A firing has no cycle until one with its schedule and time is there, and is sent until
/// then; a process may die anywhere in between.
/// </summary>
internal sealed class FiringStarts(OrchestratorDb db, CycleStarter starter)
{
    /// <summary>At most one a schedule: later times collapse into it.</summary>
    public async Task<List<FiringRow>> WaitingAsync(CancellationToken cancellation)
    {
        var waiting = new List<FiringRow>();
        foreach (var row in await db.Schedules.AsNoTracking().Where(row => row.LastFired != null).ToListAsync(cancellation))
            if (await WaitingOfAsync(row, cancellation) is { } firing)
                waiting.Add(firing);
        return waiting;
    }

    public async Task<FiringRow?> WaitingOfAsync(ScheduleRow row, CancellationToken cancellation)
    {
        if (row.LastFired is not { } time)
            return null;
        var key = Timetable.Key(time);
        return await db.Firings.AsNoTracking().FirstOrDefaultAsync(
            firing => firing.Schedule == row.Name && firing.Line == row.Line && firing.Key == key && firing.Fired && firing.Cycle == null, cancellation);
    }

    /// <summary>Whether the schedule's last firing still waits for its cycle; that a cycle has begun may not be noted with the firing yet.</summary>
    public async Task<bool> IsUnbegunAsync(ScheduleRow row, CancellationToken cancellation) =>
        await WaitingOfAsync(row, cancellation) is { } waiting && await OwnCycleAsync(waiting, cancellation) is null;

    private Task<Cycle?> OwnCycleAsync(FiringRow firing, CancellationToken cancellation) => db.Cycles.AsNoTracking().FirstOrDefaultAsync(
        cycle => cycle.Line == firing.Line && cycle.Schedule == firing.Schedule && cycle.ScheduledFor == firing.ScheduledFor, cancellation);

    public async Task StartAsync(FiringRow waiting, CancellationToken cancellation)
    {
        // The last cycle is read before it is asked for the firing's own: a start that is based on an older last cycle
        // meets the cycle that has the number, and is refused. So there never are two for one firing.
        var last = await db.LastCycleAsync(waiting.Line, cancellation);
        if (await OwnCycleAsync(waiting, cancellation) is { } own)
            await db.Firings.Where(row => row.Id == waiting.Id && row.Cycle == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Cycle, own.Id), cancellation);
        else if (LineFacts.Active(last) is not { } active)
            await starter.StartAsync(waiting.Line, last, waiting.Schedule, waiting.ScheduledFor!.Value, cancellation);
        else if (!await QueuesAsync(waiting.Schedule, cancellation))
            await CloseAsync(waiting, $"skipped: {active}, which began at the same time", cancellation);
    }

    /// <summary>A firing that will have no cycle after all.</summary>
    public async Task CloseAsync(FiringRow waiting, string reason, CancellationToken cancellation)
    {
        if (await db.Firings.Where(row => row.Id == waiting.Id && row.Cycle == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Fired, false).SetProperty(row => row.Reason, reason), cancellation) > 0)
            EventMetrics.Skipped(waiting.Schedule, waiting.Line, FiringWords.Overlap);
    }

    private Task<bool> QueuesAsync(string schedule, CancellationToken cancellation) =>
        db.Schedules.AnyAsync(row => row.Name == schedule && row.Overlap == Overlap.Queue, cancellation);
}
