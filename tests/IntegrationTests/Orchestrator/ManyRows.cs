using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>A platform that has run for years: a thousand runs, two hundred models, fifty thousand cases.</summary>
internal static class ManyRows
{
    public const int Runs = 1000, Models = 200, Cases = 50_000, Datasets = 20;

    /// <param name="aside">A folder for the time being: what the versions will be is known before the platform sees them, and starts a cycle on them.</param>
    public static async Task SeedAsync(OrchestratorDb db, IBlobStore blobs, string aside, CancellationToken cancellation)
    {
        var versions = await CommitAsync(new FolderBlobStore(aside));
        for (var i = 1; i <= Runs; i++)
            Add(db, i, versions);
        await db.SaveChangesAsync(cancellation);
        await CommitAsync(blobs);
    }

    private static async Task<SortedDictionary<string, string>> CommitAsync(IBlobStore blobs)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Datasets; i++)
            versions[$"dataset-{i:00}"] = await Data.CommitAsync(blobs, $"dataset-{i:00}", Cases / Datasets);
        return versions;
    }

    private static void Add(OrchestratorDb db, int number, SortedDictionary<string, string> versions)
    {
        var (at, run, recipe) = (db.Clock.Now - TimeSpan.FromHours(Runs - number), $"run-{number:0000}", RecipeBook.BuiltIn("demo"));
        var model = number <= Models ? number : (int?)null;
        db.Cycles.Add(new Cycle
        {
            CorrelationId = Guid.NewGuid(),
            Id = Cycle.IdOf("main", number),
            Line = "main",
            Number = number,
            State = model is null ? CycleStates.Rejected : CycleStates.Completed,
            Datasets = new SortedDictionary<string, string>(versions, StringComparer.Ordinal),
            Recipe = recipe,
            Seed = number,
            LabelSpace = 1,
            Run = run,
            Candidates = [new Candidate(run, recipe, number)],
            Model = model,
            Generation = model,
            CreatedAt = at,
            UpdatedAt = at,
            Version = 12,
            Workflow = 2,
        });
        db.Runs.Add(new Run
        {
            CorrelationId = Guid.NewGuid(),
            Id = run,
            Line = "main",
            Cycle = Cycle.IdOf("main", number),
            State = RunStates.Evaluated,
            Attempt = 2,
            CreatedAt = at,
            UpdatedAt = at,
            Version = 8,
        });
        for (var attempt = 1; attempt <= 2; attempt++)
            db.Attempts.Add(new AttemptRow { Run = run, Number = attempt, Worker = "worker", StartedAt = at, EndedAt = at, Outcome = "Done" });
        for (var i = 0; i < 10; i++)
            db.Note("run", run, "state", from: RunStates.Queued, to: RunStates.Leased);
        if (model is not { } version)
            return;
        db.Models.Add(new ModelRow { Line = "main", Version = version, Run = run, Cycle = Cycle.IdOf("main", number), Ready = true, Datasets = [.. versions.Keys], MeanDice = 0.8, CreatedAt = at });
        db.Ledger.Add(new LedgerRow { Line = "main", Generation = version, Version = version, Kind = "promotion", At = at });
    }
}
