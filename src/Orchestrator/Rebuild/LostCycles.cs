using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Rebuild;

/// <summary>
/// Lines whose last cycle took data that the store lacks. That cycle cannot go on; and the data that is dropped again must count as new,
/// though the cycle took it before. So a cancelled cycle is added which took what the store has.
/// </summary>
internal sealed class LostCycles(OrchestratorDb db, IBlobStore blobs)
{
    public const string Who = "reconcile";
    private const string Why = "the store was restored to a point before the data of the last cycle";

    /// <summary>After the datasets are those of the store.</summary>
    /// <returns>What was done, in words.</returns>
    public async Task<IReadOnlyList<string>> CancelAsync(CancellationToken cancellation)
    {
        var cancelled = new List<string>();
        var heads = await db.Datasets.AsNoTracking().ToDictionaryAsync(row => row.Name, row => row.Version, cancellation);
        foreach (var line in (await db.Cycles.ToListAsync(cancellation)).GroupBy(cycle => cycle.Line))
        {
            var last = line.MaxBy(cycle => cycle.Number)!;
            if (!await IsLostAsync(last, cancellation))
                continue;
            if (!CycleStates.IsFinal(last.State))
            {
                await CancelAsync(last, cancellation);
                cancelled.Add($"cycle {last.Id}: cancelled, its data is not in the store");
            }
            db.Cycles.Add(After(last, heads));
        }
        await db.SaveChangesAsync(cancellation);
        return cancelled;
    }

    private async Task<bool> IsLostAsync(Cycle cycle, CancellationToken cancellation)
    {
        foreach (var (name, version) in cycle.Datasets)
            if (await blobs.FindAsync(BlobLayout.DatasetManifest(name, version), cancellation) is null)
                return true;
        return false;
    }

    private async Task CancelAsync(Cycle cycle, CancellationToken cancellation)
    {
        (cycle.State, cycle.Reason, cycle.Awaits, cycle.DueAt) = (CycleStates.Cancelled, $"Cancelled by {Who}: {Why}.", null, null);
        foreach (var run in await db.Runs.Where(run => run.Cycle == cycle.Id).ToListAsync(cancellation))
        {
            if (!RunStates.IsFinal(run.State))
                (run.State, run.Reason, run.DueAt) = (RunStates.Cancelled, cycle.Reason, null);
            db.Leases.RemoveRange(await db.Leases.Where(lease => lease.Run == run.Id).ToListAsync(cancellation));
        }
    }

    private Cycle After(Cycle last, Dictionary<string, string> heads) => new()
    {
        CorrelationId = SagaIds.Of(Cycle.IdOf(last.Line, last.Number + 1)),
        Id = Cycle.IdOf(last.Line, last.Number + 1),
        Line = last.Line,
        Number = last.Number + 1,
        Version = 1,
        Workflow = CycleMachine.Workflow,
        State = CycleStates.Cancelled,
        Reason = $"It stands for the data of the restored store: {Why}.",
        Datasets = new(heads, StringComparer.Ordinal),
        Recipe = last.Recipe,
        Seed = last.Seed,
        Candidates = last.Candidates?.Select(candidate => new Candidate("", candidate.Recipe, candidate.Seed)).ToList(),
        StartedBy = Who,
        Why = Why,
        CreatedAt = db.Clock.Now,
        UpdatedAt = db.Clock.Now,
    };
}
