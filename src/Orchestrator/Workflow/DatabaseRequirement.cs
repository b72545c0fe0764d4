using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Platform.Startup;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>The database, with its schema, its clock, and the schedules of the settings as rows.</summary>
internal sealed class DatabaseRequirement(IServiceScopeFactory scopes, OrchestratorOptions options) : IStartRequirement
{
    public string Name => options.Database.IsPostgres ? $"PostgreSQL at {PostgresDatabase.AddressOf(options.Database.ConnectionString)}" : $"SQLite's file {options.Database.File}";

    public async Task MeetAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        await db.MigrateAsync(cancellation);
        await db.Clock.SetAsync(db, cancellation);
        if (options.SingleProcess)
            await ReleaseLeasesAsync(db, cancellation);
        await scope.ServiceProvider.GetRequiredService<ScheduleBook>().TakeSettingsAsync(cancellation);
    }

    public StartFailure Explain(Exception failure) => options.Database.IsPostgres ? PostgresFailures.Explain(failure) : new StartFailure(
        Causes.Of(failure).OfType<System.Data.Common.DbException>().Any(SqliteDatabase.IsBusy) ? StartFailureKind.Absent : StartFailureKind.Wrong, failure.GetBaseException().Message);

    // The lock on the data folder says that no other process lives; waiting for the leases to run out would only cost time.
    private static async Task ReleaseLeasesAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        await db.Leases.ExecuteUpdateAsync(set => set.SetProperty(lease => lease.ExpiresAt, now), cancellation);
    }
}
