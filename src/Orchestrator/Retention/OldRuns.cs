using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Retention;

/// <summary>
/// Checkpoints, and of what became no model weights and label maps, of runs whose cycles have all ended. Specification, plan, metrics, results,
/// evaluations and logs stay. Models that were ever promoted lie elsewhere, and stay.
/// </summary>
internal sealed class OldRuns(IBlobStore blobs, OrchestratorDb db, OrchestratorOptions options)
{
    private sealed record Ended(DateTimeOffset At, string Cycle, bool CanGoOn);

    public async Task<IReadOnlyList<Garbage>> FindAsync(CancellationToken cancellation)
    {
        var (now, garbage) = (db.Clock.Now, new List<Garbage>());
        var promoted = (await db.Models.Where(model => model.Ready).Select(model => model.Run).ToListAsync(cancellation)).ToHashSet();
        foreach (var (run, ended) in await EndedAsync(cancellation))
        {
            if (now - ended.At >= options.Retention.UnpromotedModels && !ended.CanGoOn && !promoted.Contains(run))
                foreach (var name in Evaluations.Names)
                    garbage.Add(new Garbage(BlobLayout.Predictions(run, name), $"label maps of what became no model; {Words(ended, options.Retention.UnpromotedModels)}"));
            foreach (var attempt in await AttemptsAsync(run, cancellation))
            {
                if (now - ended.At >= options.Retention.Checkpoints)
                    garbage.Add(new Garbage(BlobLayout.Checkpoints(run, attempt), Words(ended, options.Retention.Checkpoints)));
                if (now - ended.At >= options.Retention.UnpromotedModels && !ended.CanGoOn && !promoted.Contains(run))
                    garbage.Add(new Garbage(BlobLayout.AttemptModel(run, attempt), $"became no model; {Words(ended, options.Retention.UnpromotedModels)}"));
            }
        }
        return garbage;
    }

    /// <summary>Runs that no cycle works on any more, by id.</summary>
    private async Task<Dictionary<string, Ended>> EndedAsync(CancellationToken cancellation)
    {
        var cycles = (await db.Cycles.AsNoTracking().ToListAsync(cancellation)).ToDictionary(cycle => cycle.Id);
        var active = cycles.Values.Where(cycle => !CycleStates.IsFinal(cycle.State))
            .SelectMany(cycle => (cycle.Candidates ?? []).Select(candidate => candidate.Run).Append(cycle.Run ?? "")).ToHashSet();
        var ended = new Dictionary<string, Ended>();
        foreach (var run in await db.Runs.AsNoTracking().ToListAsync(cancellation))
            if (RunStates.IsFinal(run.State) && !active.Contains(run.Id) && cycles.TryGetValue(run.Cycle, out var cycle) && CycleStates.IsFinal(cycle.State))
                // A cycle that failed or was cancelled may be started again; an evaluated run would go on from its weights.
                ended[run.Id] = new Ended(cycle.UpdatedAt, cycle.Id, run.State == RunStates.Evaluated && cycle.State is CycleStates.Failed or CycleStates.Cancelled);
        return ended;
    }

    private async Task<IEnumerable<int>> AttemptsAsync(string run, CancellationToken cancellation) =>
        (await blobs.ListFoldersAsync(BlobLayout.Attempts(run), cancellation))
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0);

    private static string Words(Ended ended, TimeSpan kept) => $"cycle {ended.Cycle} ended on {ended.At:yyyy-MM-dd}, kept for {kept.TotalDays:0.#} days";
}
