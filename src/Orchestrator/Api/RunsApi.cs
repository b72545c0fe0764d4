using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

internal static class RunsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", ListAsync).NeedsRole(Role.Viewer).Described("listRuns", "Runs, newest first");
        api.MapGet("/runs/{id}", DetailAsync).NeedsRole(Role.Viewer).Described("getRun", "A run with its attempts and timeline");
        api.MapGet("/runs/{id}/log", LogAsync).NeedsRole(Role.Viewer).Described("getRunLog", "The last lines that a run's worker logged");
    }

    /// <summary>A run, its newest cycle and who has it.</summary>
    private sealed record Joined(Run Run, Cycle Cycle, LeaseRow? Lease);

    /// <summary>Newest first.</summary>
    private static async Task<List<RunView>> ListAsync(
        HttpContext http, OrchestratorDb db, CancellationToken cancellation, string? line = null, string? state = null, string? cycle = null, int? limit = null, string? after = null)
    {
        var rows = db.Runs.Where(run => (line == null || run.Line == line) && (state == null || run.State == state) && (cycle == null || run.Cycle == cycle));
        if (after is not null)
        {
            var last = await db.Runs.Where(run => run.Id == after).Select(run => new { run.CreatedAt }).FirstOrDefaultAsync(cancellation) ?? throw Pages.Unknown(after);
            rows = rows.Where(run => run.CreatedAt < last.CreatedAt || (run.CreatedAt == last.CreatedAt && string.Compare(run.Id, after) > 0));
        }
        rows = rows.OrderByDescending(run => run.CreatedAt).ThenBy(run => run.Id);
        // Joined after the cut: the order of a join's rows is its own.
        var page = await Join(db, Pages.Size(limit) is { } size ? rows.Take(size + 1) : rows).ToListAsync(cancellation);
        var newestFirst = page.OrderByDescending(row => row.Run.CreatedAt).ThenBy(row => row.Run.Id, StringComparer.Ordinal).ToList();
        return [.. Pages.Cut(http, newestFirst, row => row.Run.Id, limit).Select(View)];
    }

    public static async Task<RunView?> FindAsync(OrchestratorDb db, string id, CancellationToken cancellation) =>
        await Join(db, db.Runs.Where(run => run.Id == id)).FirstOrDefaultAsync(cancellation) is { } row ? View(row) : null;

    public static async Task<List<RunView>> OfCyclesAsync(OrchestratorDb db, IReadOnlyList<string> cycles, CancellationToken cancellation) =>
        [.. (await Join(db, db.Runs.Where(run => cycles.Contains(run.Cycle))).ToListAsync(cancellation)).OrderByDescending(row => row.Run.CreatedAt).Select(View)];

    public static async Task<RunDetail> DetailAsync(string id, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        var row = await Join(db, db.Runs.Where(run => run.Id == id)).FirstOrDefaultAsync(cancellation)
            ?? throw new UnknownNameException($"There is no run '{id}'. `versemi runs` lists them.");
        var attempts = await db.Attempts.AsNoTracking().Where(attempt => attempt.Run == id).OrderBy(attempt => attempt.Number).ToListAsync(cancellation);
        return new RunDetail(
            View(row), row.Cycle.View().Datasets,
            [.. attempts.Select(attempt => new AttemptView(
                attempt.Number, attempt.Work, attempt.Worker, attempt.StartedAt, attempt.EndedAt, attempt.Outcome, attempt.Failure, attempt.Reason,
                attempt.Number == row.Lease?.Attempt ? row.Lease.Progress : attempt.Progress, attempt.PeakMemoryBytes))],
            await CyclesApi.TimelineAsync(db, row.Run.Kind, id, cancellation),
            await TrainingAsync(blobs, id, cancellation),
            (await blobs.InspectJsonAsync<RecipePlan>(BlobLayout.RunPlan(id), DomainJson.Readable, cancellation)).Value);
    }

    private static async Task<RunLog> LogAsync(string id, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation, int? attempt = null)
    {
        var run = await db.Runs.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation)
            ?? throw new UnknownNameException($"There is no run '{id}'. `versemi runs` lists them.");
        var number = attempt ?? run.Attempt;
        return await FindLogAsync(id, number, blobs, cancellation)
            ?? throw new UnknownNameException($"Attempt {number} of run '{id}' has no log: its worker had nothing to say, or died within its first minute.");
    }

    public static async Task<RunLog?> FindLogAsync(string id, int attempt, IBlobStore blobs, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(await blobs.OpenReadAsync(BlobLayout.AttemptLog(id, attempt), cancellation));
            return new RunLog(id, attempt, (await reader.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    private static async Task<TrainingResult?> TrainingAsync(IBlobStore blobs, string run, CancellationToken cancellation) =>
        await new FinishedWork(blobs).TrainedAttemptAsync(run, cancellation) is { } attempt
            ? (await blobs.InspectJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run, attempt), DomainJson.Readable, cancellation)).Value
            : null;

    private static IQueryable<Joined> Join(OrchestratorDb db, IQueryable<Run> runs) =>
        from run in runs.AsNoTracking()
        join cycle in db.Cycles.AsNoTracking() on run.Cycle equals cycle.Id
        join lease in db.Leases.AsNoTracking() on run.Id equals lease.Run into leases
        from lease in leases.DefaultIfEmpty()
        select new Joined(run, cycle, lease);

    private static RunView View(Joined row)
    {
        var candidate = row.Cycle.AllCandidates().FirstOrDefault(candidate => candidate.Run == row.Run.Id);
        return View(row, candidate?.Recipe.Name ?? row.Cycle.Recipe.Name, candidate?.Seed ?? row.Cycle.Seed);
    }

    private static RunView View(Joined row, string recipe, int seed) => new(
        row.Run.Id, row.Run.Line, row.Run.Cycle, row.Run.State, row.Run.Reason, row.Run.Attempt, row.Lease?.Work, row.Lease?.Worker, row.Lease?.Progress,
        recipe, seed, row.Cycle.LabelSpace ?? 0, row.Cycle.Champion, row.Run.CreatedAt, row.Run.UpdatedAt);
}
