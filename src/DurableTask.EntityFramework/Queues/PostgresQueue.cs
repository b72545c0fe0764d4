using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Storage;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Queues;

/// <summary>
/// For any number of processes on PostgreSQL. A claim is a row lock taken by SKIP LOCKED that becomes an owner and an expiry
/// by the database's clock. Work that another process wrote is found after at most the poll interval.
/// </summary>
internal sealed class PostgresQueue(Sessions sessions, EntityFrameworkOptions options, TimeProvider time) : IWorkQueue, IDisposable
{
    private const string ClaimInstance = $$"""
        UPDATE {{DurableTaskModel.Instances}} SET "Owner" = {0}, "LockedUntil" = now() + {1} WHERE "Id" = (
            SELECT i."Id" FROM {{DurableTaskModel.Messages}} m JOIN {{DurableTaskModel.Instances}} i ON i."Id" = m."Instance"
            WHERE m."DueAt" <= now() AND (i."LockedUntil" IS NULL OR i."LockedUntil" <= now())
            ORDER BY m."DueAt", m."HappensAt" LIMIT 1 FOR UPDATE OF i SKIP LOCKED)
        RETURNING *
        """;

    private const string ClaimActivity = $$"""
        UPDATE {{DurableTaskModel.Activities}} SET "Owner" = {0}, "LockedUntil" = now() + {1} WHERE "Id" = (
            SELECT a."Id" FROM {{DurableTaskModel.Activities}} a WHERE a."LockedUntil" IS NULL OR a."LockedUntil" <= now()
            ORDER BY a."Id" LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *
        """;

    private const string ExtendInstance = $$"""
        UPDATE {{DurableTaskModel.Instances}} SET "LockedUntil" = now() + {0} WHERE "Id" = {1} AND "Owner" = {2}
        """;

    private const string ExtendActivity = $$"""
        UPDATE {{DurableTaskModel.Activities}} SET "LockedUntil" = now() + {0} WHERE "Id" = {1} AND "Owner" = {2}
        """;

    private const string ReleaseInstance = $$"""
        UPDATE {{DurableTaskModel.Instances}} SET "Owner" = NULL, "LockedUntil" = now() + {0} WHERE "Id" = {1} AND "Owner" = {2}
        """;

    private const string ReleaseActivity = $$"""
        UPDATE {{DurableTaskModel.Activities}} SET "Owner" = NULL, "LockedUntil" = now() + {0} WHERE "Id" = {1} AND "Owner" = {2}
        """;

    private readonly WakeUp _instances = new();
    private readonly WakeUp _activities = new();
    private readonly Changes _changes = new();

    public bool HasOneWriter => false;
    public TimeSpan ChangesWithin => options.PollInterval;
    public DateTime LockedUntil => time.GetUtcNow().UtcDateTime + options.LockDuration;

    public Task StartAsync() => Task.CompletedTask;

    public async Task<InstanceClaim> NextInstanceAsync(CancellationToken cancellation)
    {
        var row = await NextAsync<InstanceRow>(ClaimInstance, _instances, cancellation);
        return new InstanceClaim(row, row.LockedUntil!.Value - options.LockDuration);
    }

    public Task<ActivityRow> NextActivityAsync(CancellationToken cancellation) =>
        NextAsync<ActivityRow>(ClaimActivity, _activities, cancellation);

    public Task RenewInstanceAsync(string id, string? owner) => UpdateAsync(ExtendInstance, options.LockDuration, id, owner);

    public Task RenewActivityAsync(long id, string? owner) => UpdateAsync(ExtendActivity, options.LockDuration, id, owner);

    public async Task ReleaseInstanceAsync(string id, string? owner, TimeSpan pause)
    {
        await UpdateAsync(ReleaseInstance, pause, id, owner);
        _instances.Notify();
    }

    public async Task ReleaseActivityAsync(ActivityRow row, string? owner, TimeSpan pause)
    {
        await UpdateAsync(ReleaseActivity, pause, row.Id, owner);
        _activities.Notify();
    }

    // For messages that came while the turn was locked.
    public void InstanceDone(string id) => _instances.Notify();

    public void ActivityDone(long id)
    {
    }

    public void Saved(IReadOnlyList<MessageRow> messages, IReadOnlyList<ActivityRow> activities, IReadOnlyList<string> instances)
    {
        _changes.Notify(instances);
        if (messages.Count > 0)
            _instances.Notify();
        if (activities.Count > 0)
            _activities.Notify();
    }

    public Task ChangeAsync(string instance) => _changes.NextAsync(instance);

    public void Dispose()
    {
        _instances.Dispose();
        _activities.Dispose();
    }

    private async Task<T> NextAsync<T>(string claim, WakeUp wakeUp, CancellationToken cancellation) where T : class
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            // Not cancellable: a committed claim that is not returned would block its work until the lock expires.
            if (await ClaimAsync<T>(claim) is [var row])
                return row;
            await wakeUp.WaitAsync(options.PollInterval, cancellation);
        }
    }

    private async Task<List<T>> ClaimAsync<T>(string claim) where T : class
    {
        await using var session = sessions.Open();
        return await session.Db.Set<T>().FromSqlRaw(claim, Guid.NewGuid().ToString("N"), options.LockDuration).AsNoTracking().ToListAsync();
    }

    private async Task UpdateAsync(string update, TimeSpan duration, object id, string? owner)
    {
        await using var session = sessions.Open();
        await session.Db.Database.ExecuteSqlRawAsync(update, duration, id, owner ?? "");
    }
}
