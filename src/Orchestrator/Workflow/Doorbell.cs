using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Rings for every saga whose wait is due, and for every lease that ran out. The saga looks itself whether it still is.</summary>
internal sealed class Doorbell(OrchestratorDb db, IMessageBus bus, Drops drops, OrchestratorOptions options)
{
    public async Task RingAsync(bool always, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        foreach (var cycle in await db.Cycles.AsNoTracking().Where(cycle => cycle.DueAt != null && (always || cycle.DueAt <= now)).ToListAsync(cancellation))
            if (!await HoldsBackAsync(cycle, now, cancellation))
                await bus.SendAsync(WorkflowQueues.Cycles, new CycleRung(cycle.Id, always), cancellation);
        foreach (var run in await db.Runs.Where(run => run.DueAt != null && (always || run.DueAt <= now)).Select(run => run.Id).ToListAsync(cancellation))
            await bus.SendAsync(WorkflowQueues.Runs, new RunRung(run, always), cancellation);
        foreach (var lease in await db.Leases.AsNoTracking().Where(lease => lease.ExpiresAt <= now).ToListAsync(cancellation))
            await bus.SendAsync(WorkflowQueues.Runs, new LeaseRanOut(lease.Run, lease.Attempt), cancellation);
    }

    /// <summary>Several drops at once belong into one cycle, though the quiet window is shorter than the ingest of one.</summary>
    private async Task<bool> HoldsBackAsync(Cycle cycle, DateTimeOffset now, CancellationToken cancellation) =>
        cycle.State == CycleStates.Collecting && now - cycle.CreatedAt < options.LongestCollecting && await drops.AnyUnderWayAsync(cancellation);
}
