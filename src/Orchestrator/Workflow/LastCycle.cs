using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Of a line's newest cycle, what decides about the next.</summary>
internal sealed record LastCycle(string Id, string Line, int Number, string State, DateTimeOffset CreatedAt, SortedDictionary<string, string> Datasets)
{
    public bool IsActive => !CycleStates.IsFinal(State);
}

internal static class LastCycles
{
    public static async Task<LastCycle?> LastCycleAsync(this OrchestratorDb db, string line, CancellationToken cancellation) =>
        await Lasts(db, db.Cycles.Where(cycle => cycle.Line == line)).FirstOrDefaultAsync(cancellation);

    /// <summary>Of every line that has one.</summary>
    public static Task<List<LastCycle>> LastCyclesAsync(this OrchestratorDb db, CancellationToken cancellation) => Lasts(db, db.Cycles).ToListAsync(cancellation);

    private static IQueryable<LastCycle> Lasts(OrchestratorDb db, IQueryable<Cycle> cycles) =>
        from cycle in cycles
        where cycle.Number == db.Cycles.Where(other => other.Line == cycle.Line).Max(other => other.Number)
        select new LastCycle(cycle.Id, cycle.Line, cycle.Number, cycle.State, cycle.CreatedAt, cycle.Datasets);
}
