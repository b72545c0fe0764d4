namespace VerSemi.Orchestrator.Persistence;

/// <summary>
/// The clock by which leases expire and rows are due. One for all processes that share a database; where that is one
/// process (SQLite), its own.
/// </summary>
public interface IDatabaseClock
{
    DateTimeOffset Now { get; }

    /// <summary>Looks at the database's clock; to be called before the first <see cref="Now"/>, and by every sweep.</summary>
    Task SetAsync(OrchestratorDb db, CancellationToken cancellation) => Task.CompletedTask;
}

internal sealed class ProcessClock(TimeProvider time) : IDatabaseClock
{
    public DateTimeOffset Now => time.GetUtcNow();
}
