using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.EntityFramework.Hosting;
using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Storage;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework;

/// <summary>Starts, asks and steers instances. On SQLite it lives in the worker's process.</summary>
internal sealed partial class EntityFrameworkOrchestrationClient(
    Sessions sessions, IWorkQueue queue, Outbox outbox, InstanceQueries queries, Purger purger, TimeProvider time)
    : IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient, IHierarchyClient
{
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => CreateTaskOrchestrationAsync(creationMessage, null);

    /// <exception cref="OrchestrationAlreadyExistsException">
    /// The id belongs to an instance in one of the states; by default, to one that has not ended.
    /// </exception>
    public async Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses)
    {
        try
        {
            await StartAsync(creationMessage, dedupeStatuses);
        }
        catch (DbUpdateException)
        {
            // Of two that start one id at the same time, the second now finds the first's row.
            await StartAsync(creationMessage, dedupeStatuses);
        }
    }

    public async Task SendTaskOrchestrationMessageAsync(TaskMessage message)
    {
        await using var session = sessions.Open();
        await outbox.SendAsync(session, message);
        await sessions.SaveAsync(session, queue);
    }

    public async Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages)
    {
        await using var session = sessions.Open();
        foreach (var message in messages)
            await outbox.SendAsync(session, message);
        await sessions.SaveAsync(session, queue);
    }

    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string? reason) =>
        TerminateAsync(instanceId, reason, recursive: false);

    public async Task TerminateAsync(string instanceId, string? reason, bool recursive)
    {
        await using var session = sessions.Open();
        var now = time.GetUtcNow().UtcDateTime;
        if (await session.Instances.FindAsync(instanceId) is { NextEvent: 0, IsCompleted: false } scheduled && scheduled.StartsAt > now)
        {
            // It has not started: its turn would come only when it is due.
            (scheduled.Status, scheduled.Output) = (OrchestrationStatus.Terminated, reason);
            scheduled.CompletedAt = scheduled.UpdatedAt = now;
            session.RemoveRange(await session.Messages.Where(message => message.Instance == instanceId).ToListAsync());
        }
        else
        {
            var instance = new OrchestrationInstance { InstanceId = instanceId };
            var message = new TaskMessage { OrchestrationInstance = instance, Event = new ExecutionTerminatedEvent(-1, reason) };
            await outbox.SendAsync(session, message, recursive);
        }
        await sessions.SaveAsync(session, queue);
    }

    /// <returns>Null when the timeout has passed.</returns>
    public async Task<OrchestrationState?> WaitForOrchestrationAsync(
        string instanceId, string? executionId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var change = queue.ChangeAsync(instanceId);
            if (await queries.FindAsync(instanceId) is { CompletedTime: var end } state && end != default)
                return state;
            var left = timeout - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
                return null;
            var wait = queue.ChangesWithin == Timeout.InfiniteTimeSpan || queue.ChangesWithin > left ? left : queue.ChangesWithin;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(change, Task.Delay(wait < LongestDelay ? wait : LongestDelay, time, ended.Token));
            await ended.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await queries.FindAsync(instanceId) is { } state ? [state] : [];

    public Task<OrchestrationState?> GetOrchestrationStateAsync(string instanceId, string? executionId) => queries.FindAsync(instanceId);

    public async Task<string> GetOrchestrationHistoryAsync(string instanceId, string? executionId) =>
        EventJson.Write(await queries.HistoryAsync(instanceId));

    public Task<IList<HistoryEvent>> HistoryAsync(string instanceId) => queries.HistoryAsync(instanceId);

    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken) =>
        queries.ListAsync(query, cancellationToken);

    /// <summary>Below the longest that a timer can wait.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private async Task StartAsync(TaskMessage message, OrchestrationStatus[]? kept)
    {
        await using var session = sessions.Open();
        await outbox.StartAsync(session, message, kept);
        await sessions.SaveAsync(session, queue);
    }
}
