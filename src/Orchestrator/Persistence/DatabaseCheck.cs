using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VerSemi.Platform.Doctor;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>The database: connection, whether its schema is this code's, and its clock.</summary>
internal sealed class DatabaseCheck(OrchestratorDb db, OrchestratorOptions options, TimeProvider time) : ICheck
{
    public string Name => "database";

    public string Mend => options.Database.IsPostgres
        ? "Is PostgreSQL up, and reached from here? Are host, user and password in Orchestrator:Database:ConnectionString right, and is the database there (createdb)?"
        : "Is Orchestrator:Database:File the path of a file that this process may write, and of no other kind?";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        yield return new Finding(Name, options.Database.IsPostgres ? "PostgreSQL answers" : "SQLite's file opens");
        yield return await SchemaAsync(cancellation);
        await db.Clock.SetAsync(db, cancellation);
        yield return Clocks.Compare("database's clock", db.Clock.Now - time.GetUtcNow());
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await db.Database.OpenConnectionAsync(cancellation);
        }
        catch (RetryLimitExceededException e) when (e.InnerException is { } why)
        {
            throw new IOException(why.Message, why.InnerException);
        }
    }

    private async Task<Finding> SchemaAsync(CancellationToken cancellation)
    {
        var (known, applied) = (db.Database.GetMigrations().ToList(), (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList());
        if (applied.Except(known).ToList() is { Count: > 0 } newer)
            return new Finding("schema", $"it is newer than this code: {string.Join(", ", newer)}", "Run the newer image again; a migration only adds, but it cannot be taken back. Or restore the backup from before it.");
        return known.Except(applied).ToList() is { Count: > 0 } pending
            ? new Finding("schema", $"not applied yet: {string.Join(", ", pending)}", "Start the orchestrator: it migrates before it does anything else. Where it runs, its log says what keeps it (a right to create tables?).")
            : new Finding("schema", $"as this code has it, {known[^1]}");
    }
}
