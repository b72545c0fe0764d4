using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Before anything starts: the schema, and the leases of a process that is gone.</summary>
internal sealed class Startup(IServiceScopeFactory scopes, OrchestratorOptions options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        await db.MigrateAsync(cancellationToken);
        await db.Clock.SetAsync(db, cancellationToken);
        if (options.SingleProcess)
            await ReleaseLeasesAsync(db, cancellationToken);
    }

    // The lock on the data folder says that no other process lives; waiting for the leases to run out would only cost time.
    private static async Task ReleaseLeasesAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        await db.Leases.ExecuteUpdateAsync(set => set.SetProperty(lease => lease.ExpiresAt, now), cancellation);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
