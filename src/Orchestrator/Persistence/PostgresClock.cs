using Microsoft.EntityFrameworkCore;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>
/// PostgreSQL's clock as of the last look, carried on by this process's monotonic clock: no host's wall clock takes part.
/// Off by at most the time that the look took; it is looked at once a sweep.
/// </summary>
internal sealed class PostgresClock(TimeProvider time) : IDatabaseClock
{
    private sealed record Look(DateTimeOffset Database, long Monotonic);

    private volatile Look? _last;

    public DateTimeOffset Now => _last is { } last
        ? last.Database + time.GetElapsedTime(last.Monotonic)
        : throw new InvalidOperationException("The database's clock was not looked at yet: nothing may run before the migration.");

    public async Task SetAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var now = await db.Database.SqlQuery<DateTime>($"SELECT clock_timestamp() AT TIME ZONE 'UTC' AS \"Value\"").SingleAsync(cancellation);
        // The answer was true a moment before now: no lease runs out too soon.
        _last = new Look(new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)), time.GetTimestamp());
    }
}
