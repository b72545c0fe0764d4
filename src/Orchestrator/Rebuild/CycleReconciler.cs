using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Rebuild;

/// <summary>Cycles and runs, of which the store may know a later state than the database: a cycle that is over there must not be done twice.</summary>
internal sealed class CycleReconciler(OrchestratorDb db, IBlobStore blobs)
{
    private readonly List<string> _taken = [];

    /// <param name="promotions">Rows of the ledger that the store alone had.</param>
    /// <returns>What was taken from the store, in words.</returns>
    public async Task<IReadOnlyList<string>> TakeAsync(CatalogueContents contents, IReadOnlyList<LedgerRow> promotions, CancellationToken cancellation)
    {
        var cycles = await db.Cycles.ToListAsync(cancellation);
        foreach (var cycle in contents.Cycles)
            Take(cycle, cycles);
        foreach (var row in promotions.Where(row => row.Cycle is not null))
            await TakePromotionAsync(row, contents, cycles, cancellation);
        var runs = await db.Runs.ToListAsync(cancellation);
        foreach (var run in runs.Where(mine => RunStates.IsFinal(mine.State) && contents.Runs.All(run => run.Id != mine.Id)))
            // A cycle that wants it does it again.
            (run.State, run.Reason, run.TrainedAttempt) = (RunStates.Cancelled, "Its results are not in the restored store.", null);
        foreach (var run in contents.Runs)
            await TakeAsync(run, runs.Find(mine => mine.Id == run.Id), cycles, cancellation);
        return _taken;
    }

    private void Take(Cycle cycle, List<Cycle> cycles)
    {
        var mine = cycles.Find(other => other.Id == cycle.Id);
        if (mine is null)
            Add(cycle, cycles);
        else if (mine.UpdatedAt < cycle.UpdatedAt && mine.State != cycle.State)
        {
            db.Entry(mine).CurrentValues.SetValues(cycle);
            _taken.Add($"the end of cycle {cycle.Id} ({cycle.State})");
        }
    }

    private void Add(Cycle cycle, List<Cycle> cycles)
    {
        db.Cycles.Add(cycle);
        cycles.Add(cycle);
        _taken.Add($"cycle {cycle.Id} ({cycle.State})");
    }

    /// <summary>The store was copied between the promotion and the writing of its cycle.</summary>
    private async Task TakePromotionAsync(LedgerRow row, CatalogueContents contents, List<Cycle> cycles, CancellationToken cancellation)
    {
        var cycle = cycles.Find(other => other.Id == row.Cycle);
        if (cycle?.Generation is not null || contents.Models.Find(model => model.Line == row.Line && model.Version == row.Version) is not { } model
            || (await blobs.InspectJsonAsync<RunSpecification>(BlobLayout.RunSpecification(model.Run), DomainJson.Readable, cancellation)).Value is not { } run)
            return;
        var ended = Of(row, run);
        if (cycle is null)
        {
            Add(ended, cycles);
            return;
        }
        (ended.Version, ended.CreatedAt, ended.StartedBy, ended.Why, ended.Schedule) = (cycle.Version, cycle.CreatedAt, cycle.StartedBy, cycle.Why, cycle.Schedule);
        db.Entry(cycle).CurrentValues.SetValues(ended);
        _taken.Add($"the end of cycle {cycle.Id} ({cycle.State})");
    }

    private static Cycle Of(LedgerRow row, RunSpecification run) => new()
    {
        CorrelationId = SagaIds.Of(row.Cycle!),
        Id = row.Cycle!,
        Line = row.Line,
        Number = int.Parse(row.Cycle![(row.Line.Length + 1)..], CultureInfo.InvariantCulture),
        Version = 1,
        Workflow = CycleMachine.Workflow,
        State = CycleStates.Completed,
        Reason = $"{row.Line}/{row.Version} went into production as generation {row.Generation}.",
        Datasets = new(run.Datasets.ToDictionary(dataset => dataset.Name, dataset => dataset.Version), StringComparer.Ordinal),
        Recipe = run.Recipe,
        Seed = run.Seed,
        ScheduledFor = run.ScheduledFor,
        LabelSpace = run.LabelSpace.Version,
        Run = run.Run,
        Candidates = [new Candidate(run.Run, run.Recipe, run.Seed, End: RunStates.Evaluated)],
        Champion = run.Champion,
        Judgement = row.Judgement,
        Model = row.Version,
        Generation = row.Generation,
        CreatedAt = row.At,
        UpdatedAt = row.At,
    };

    /// <summary>Attempts go on being counted from the highest that either knows: an attempt's number is what fences an older worker off.</summary>
    private async Task TakeAsync(Run run, Run? mine, List<Cycle> cycles, CancellationToken cancellation)
    {
        if (mine is null)
        {
            db.Runs.Add(run);
            return;
        }
        mine.Attempt = Math.Max(mine.Attempt, run.Attempt);
        if (RunStates.IsFinal(mine.State) || cycles.Find(cycle => cycle.Id == mine.Cycle) is not { } cycle || !CycleStates.IsFinal(cycle.State))
            return;
        (mine.State, mine.Reason, mine.TrainedAttempt, mine.DueAt) = (run.State, run.Reason, run.TrainedAttempt, null);
        db.Leases.RemoveRange(await db.Leases.Where(lease => lease.Run == run.Id).ToListAsync(cancellation));
    }
}
