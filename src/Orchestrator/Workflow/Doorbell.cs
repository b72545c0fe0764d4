using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Rings for every saga whose wait is due, and for every lease that ran out. The saga looks itself whether it still is.</summary>
internal sealed class Doorbell(OrchestratorDb db, IMessageBus bus, Drops drops, OrchestratorOptions options)
{
    /// <param name="always">For everything that waits, due or not: every message may have been lost.</param>
    public async Task RingAsync(bool always, CancellationToken cancellation)
    {
        await HoldBackAsync(cancellation);
        foreach (var cycle in await DueAsync<Cycle>(always, cancellation))
            await RingAsync(WorkflowQueues.Cycles, new CycleRung(cycle.Id, always), cycle.TraceParent, cancellation);
        foreach (var run in await DueAsync<Run>(always, cancellation))
            await RingAsync(WorkflowQueues.Runs, new RunRung(run.Id, always), run.TraceParent, cancellation);
        var now = db.Clock.Now;
        foreach (var lease in await db.Leases.AsNoTracking().Where(lease => lease.ExpiresAt <= now)
            .Join(db.Runs, lease => lease.Run, run => run.Id, (lease, run) => new { lease.Run, lease.Attempt, run.TraceParent }).ToListAsync(cancellation))
            await RingAsync(WorkflowQueues.Runs, new LeaseRanOut(lease.Run, lease.Attempt), lease.TraceParent, cancellation);
    }

    private Task<List<DueRow>> DueAsync<T>(bool always, CancellationToken cancellation) where T : class, ISagaRow => always
        ? db.Set<T>().AsNoTracking().Where(row => row.DueAt != null).Select(row => new DueRow(row.Id, row.TraceParent)).ToListAsync(cancellation)
        : db.ClaimDueAsync<T>(db.Clock.Now - options.RingAgain, cancellation);

    private async Task RingAsync<T>(string queue, T ring, string? traceParent, CancellationToken cancellation) where T : class
    {
        using var activity = Telemetry.Join("ring", traceParent);
        await bus.SendAsync(queue, ring, cancellation: cancellation);
    }

    /// <summary>Several drops at once belong into one cycle, though the quiet window is shorter than the ingest of one.</summary>
    private async Task HoldBackAsync(CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        var since = now - options.LongestCollecting;
        var collecting = db.Cycles.Where(cycle => cycle.State == CycleStates.Collecting && cycle.DueAt <= now && cycle.CreatedAt > since);
        if (!await collecting.AnyAsync(cancellation) || !await drops.AnyUnderWayAsync(cancellation))
            return;
        var later = now + options.SweepInterval;
        await collecting.ExecuteUpdateAsync(set => set.SetProperty(cycle => cycle.DueAt, later), cancellation);
    }
}
