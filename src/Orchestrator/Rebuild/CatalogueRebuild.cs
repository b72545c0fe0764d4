using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Rebuild;

/// <param name="Written">False: the database was there already, and agrees with the store.</param>
public sealed record RebuiltCatalogue(bool Written, int Datasets, int LabelSpaces, int Models, int Generations, int Cycles, int Runs, int Withdrawals);

/// <summary>
/// Fills an empty database from the blob store. To be run while no orchestrator runs on that database: one on an empty
/// database would begin to train. What a row alone knew (timelines, attempts, a cycle that was under way, tasks that
/// were merged and not yet trained) does not come back.
/// </summary>
public static class CatalogueRebuild
{
    /// <param name="services">With <see cref="OrchestratorRegistration.AddOrchestrator(IServiceCollection, Action{OrchestratorOptions}, Action{Access.AccessOptions})"/> and a blob store; nothing of it need be started.</param>
    /// <exception cref="ConflictException">The database is not empty and says something else than the store.</exception>
    public static async Task<RebuiltCatalogue> RunAsync(IServiceProvider services, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        var (db, contents) = (scope.ServiceProvider.GetRequiredService<OrchestratorDb>(), scope.ServiceProvider.GetRequiredService<CatalogueContents>());
        await db.MigrateAsync(cancellation);
        await db.Clock.SetAsync(db, cancellation);
        await contents.ReadAsync(cancellation);
        var isEmpty = await IsEmptyAsync(db, cancellation);
        if (isEmpty)
            await WriteAsync(db, contents, cancellation);
        else
            await RebuildDifferences.RefuseAsync(db, contents, cancellation);
        await scope.ServiceProvider.GetRequiredService<DatasetHeads>().ReconcileAsync(cancellation);
        return new RebuiltCatalogue(isEmpty, await db.Datasets.CountAsync(cancellation), contents.LabelSpaces.Count, contents.Models.Count(model => model.Ready),
            contents.Ledger.Count, contents.Cycles.Count, contents.Runs.Count, contents.Withdrawals.Count);
    }

    private static async Task<bool> IsEmptyAsync(OrchestratorDb db, CancellationToken cancellation) =>
        !await db.Cycles.AnyAsync(cancellation) && !await db.Ledger.AnyAsync(cancellation) && !await db.Models.AnyAsync(cancellation)
        && !await db.LabelSpaces.AnyAsync(cancellation) && !await db.Datasets.AnyAsync(cancellation) && !await db.Withdrawals.AnyAsync(cancellation);

    /// <summary>In one step: there is all of it, or nothing.</summary>
    private static async Task WriteAsync(OrchestratorDb db, CatalogueContents contents, CancellationToken cancellation)
    {
        db.AddRange(contents.Cycles);
        db.AddRange(contents.Runs);
        db.AddRange(contents.Ledger);
        db.AddRange(contents.Models);
        db.AddRange(contents.LabelSpaces);
        db.AddRange(contents.Withdrawals);
        foreach (var line in contents.Ledger.Select(row => row.Line).Concat(contents.Cycles.Select(cycle => cycle.Line)).Distinct())
            db.Note("line", line, "rebuilt", "the database was rebuilt from the blob store; what happened before stands in the ledger and the cycles alone");
        await db.SaveChangesAsync(cancellation);
    }
}
