using System.Collections.Concurrent;
using System.Threading.Channels;
using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Storage;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Queues;

/// <summary>
/// For a database with one process (SQLite): all that is pending is known in memory, loaded at start and updated after each
/// commit. No locks, no polling.
/// </summary>
internal sealed class MemoryQueue(Sessions sessions, TimeProvider time) : IWorkQueue
{
    private readonly ReadyInstances _instances = new();
    private readonly Channel<ActivityRow> _activities = Channel.CreateUnbounded<ActivityRow>();

    /// <summary>Activities that are queued or running.</summary>
    private readonly ConcurrentDictionary<long, bool> _pending = new();
    private readonly Changes _changes = new();
    private volatile bool _isStarted;

    public bool HasOneWriter => true;
    public TimeSpan ChangesWithin => Timeout.InfiniteTimeSpan;
    public DateTime LockedUntil => DateTime.MaxValue;

    public async Task StartAsync()
    {
        // First, so that nothing saved meanwhile is missed; what comes twice is known by its id.
        _isStarted = true;
        await using var session = sessions.Open();
        foreach (var activity in await session.Activities.AsNoTracking().OrderBy(row => row.Id).ToListAsync())
            Add(activity);
        foreach (var due in await session.Messages.AsNoTracking().Select(row => new { row.Instance, row.DueAt }).Distinct().ToListAsync())
            Wake(due.Instance, due.DueAt);
    }

    public async Task<InstanceClaim> NextInstanceAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var id = await _instances.NextAsync(cancellation);
            try
            {
                await using var session = sessions.Open();
                var now = Now;
                if (await session.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } row)
                    return new InstanceClaim(row, now);
                _instances.Done(id);
            }
            catch
            {
                _instances.DoneAndAgain(id);
                throw;
            }
        }
    }

    public async Task<ActivityRow> NextActivityAsync(CancellationToken cancellation) => await _activities.Reader.ReadAsync(cancellation);

    public Task RenewInstanceAsync(string id, string? owner) => Task.CompletedTask;

    public Task RenewActivityAsync(long id, string? owner) => Task.CompletedTask;

    public Task ReleaseInstanceAsync(string id, string? owner, TimeSpan pause) =>
        AfterAsync(Now + pause, () => _instances.DoneAndAgain(id));

    public Task ReleaseActivityAsync(ActivityRow row, string? owner, TimeSpan pause) =>
        AfterAsync(Now + pause, () => _activities.Writer.TryWrite(row));

    public void InstanceDone(string id) => _instances.Done(id);

    public void ActivityDone(long id) => _pending.TryRemove(id, out _);

    public void Saved(IReadOnlyList<MessageRow> messages, IReadOnlyList<ActivityRow> activities, IReadOnlyList<string> instances)
    {
        _changes.Notify(instances);
        if (!_isStarted)
            return;
        foreach (var activity in activities)
            Add(activity);
        foreach (var message in messages)
            Wake(message.Instance, message.DueAt);
    }

    public Task ChangeAsync(string instance) => _changes.NextAsync(instance);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private void Add(ActivityRow activity)
    {
        if (_pending.TryAdd(activity.Id, true))
            _activities.Writer.TryWrite(activity);
    }

    private void Wake(string instance, DateTime dueAt) => _ = AfterAsync(dueAt, () => _instances.Wake(instance));

    /// <summary>Does it at once where that time has passed; otherwise returns, and does it then.</summary>
    private Task AfterAsync(DateTime at, Action action)
    {
        if (at > Now)
            _ = WaitAsync();
        else
            action();
        return Task.CompletedTask;

        async Task WaitAsync()
        {
            // In steps, because a timer's longest wait is 49 days and the wall clock may be set meanwhile.
            for (var left = at - Now; left > TimeSpan.Zero; left = at - Now)
                await Task.Delay(left < TimeSpan.FromHours(1) ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromHours(1), time);
            action();
        }
    }
}
