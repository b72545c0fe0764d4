using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Rebuild;

/// <param name="Taken">Rows that the store alone had; now the database has them.</param>
/// <param name="Missing">What the database names and the store lacks, and what to do about it.</param>
/// <param name="RolledBack">Lines whose model in production is not in the store, with the model that is in production now.</param>
public sealed record ReconciledCatalogue(IReadOnlyList<string> Taken, IReadOnlyList<string> Missing, IReadOnlyList<string> RolledBack);

/// <summary>
/// Makes a database and a blob store agree that were restored to different points in time. To be run while no service runs. The database
/// takes what the store alone has; what the store lacks is named, and a line whose model is lost returns to an earlier one.
/// </summary>
public static class CatalogueReconciliation
{
    /// <param name="services">As for <see cref="CatalogueRebuild.RunAsync"/>.</param>
    /// <exception cref="ConflictException">Both say something else of one thing: they are not two states of one platform. Nothing is written.</exception>
    public static async Task<ReconciledCatalogue> RunAsync(IServiceProvider services, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        var (db, reconciler) = (scope.ServiceProvider.GetRequiredService<OrchestratorDb>(), scope.ServiceProvider.GetRequiredService<Reconciler>());
        await db.MigrateAsync(cancellation);
        await db.Clock.SetAsync(db, cancellation);
        var found = await reconciler.ReconcileAsync(cancellation);
        await db.SaveChangesAsync(cancellation);
        await scope.ServiceProvider.GetRequiredService<DatasetHeads>().ReconcileAsync(cancellation);
        var cancelled = await scope.ServiceProvider.GetRequiredService<LostCycles>().CancelAsync(cancellation);
        await scope.ServiceProvider.GetRequiredService<Production>().PointAllAsync(cancellation);
        return found with { Missing = [.. found.Missing, .. cancelled] };
    }
}
