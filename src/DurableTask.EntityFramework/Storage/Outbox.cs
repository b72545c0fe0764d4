using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Adds messages to what the session's next SaveChanges writes.</summary>
internal sealed class Outbox(MessageClock clock)
{
    private static readonly OrchestrationStatus[] Running =
        [OrchestrationStatus.Running, OrchestrationStatus.Pending, OrchestrationStatus.Suspended];

    /// <summary>A message to an instance that is unknown or has ended is dropped.</summary>
    public async Task SendAsync(Session session, TaskMessage message, bool recursive = false)
    {
        // Also finds an instance that the same session starts.
        if (await session.Instances.FindAsync(message.OrchestrationInstance.InstanceId) is not { IsCompleted: false } target)
            return;
        var row = RowOf(message.OrchestrationInstance, message.Event);
        row.Recursive = recursive;
        // Not delivered before the instance has started.
        if (target is { NextEvent: 0, StartsAt: { } start } && start > row.HappensAt)
            (row.DueAt, row.HappensAt) = (start, start.AddMicroseconds(1));
        session.Messages.Add(row);
    }

    public void AddTimer(Session session, TaskMessage message)
    {
        var row = RowOf(message.OrchestrationInstance, message.Event);
        row.DueAt = row.HappensAt = ((TimerFiredEvent)message.Event).FireAt;
        session.Messages.Add(row);
    }

    public static void AddActivity(Session session, TaskMessage message)
    {
        var scheduled = (TaskScheduledEvent)message.Event;
        session.Activities.Add(new ActivityRow
        {
            Instance = message.OrchestrationInstance.InstanceId,
            ExecutionId = message.OrchestrationInstance.ExecutionId,
            Name = scheduled.Name!,
            Body = EventJson.Write(scheduled),
        });
    }

    /// <summary>Starts a sub-orchestration; where its id belongs to one that has not ended, the call fails in the parent.</summary>
    public async Task StartChildAsync(Session session, TaskMessage message)
    {
        try
        {
            await StartAsync(session, message, Running);
        }
        catch (OrchestrationAlreadyExistsException e) when (((ExecutionStartedEvent)message.Event).ParentInstance is { } parent)
        {
            var failed = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, e.Message, null, new FailureDetails(e));
            session.Messages.Add(RowOf(parent.OrchestrationInstance, failed));
        }
    }

    /// <param name="kept">An instance in one of these states is not replaced. Null: any that has not ended.</param>
    /// <exception cref="OrchestrationAlreadyExistsException"/>
    public async Task StartAsync(Session session, TaskMessage message, OrchestrationStatus[]? kept)
    {
        var (id, start) = (message.OrchestrationInstance.InstanceId, (ExecutionStartedEvent)message.Event);
        var row = await session.Instances.FindAsync(id);
        if (row is not null && (kept ?? Running).Contains(row.Status))
            throw new OrchestrationAlreadyExistsException($"An orchestration with the id '{id}' already exists and is {row.Status}.");
        if (row is null)
            session.Instances.Add(row = new InstanceRow { Id = id, ExecutionId = "", Name = "" });
        else
            await ForgetAsync(session, row);
        Describe(row, start);
        var first = RowOf(message.OrchestrationInstance, start);
        if (row.StartsAt is { } later)
            first.DueAt = first.HappensAt = later;
        session.Messages.Add(first);
    }

    public MessageRow RowOf(OrchestrationInstance to, HistoryEvent happened) => new()
    {
        Instance = to.InstanceId,
        ExecutionId = to.ExecutionId,
        DueAt = MessageClock.AtOnce,
        HappensAt = clock.Next(),
        Kind = EventJson.KindOf(happened),
        Body = EventJson.Write(happened),
    };

    private void Describe(InstanceRow row, ExecutionStartedEvent start)
    {
        (row.Name, row.Version, row.Input) = (start.Name, start.Version, start.Input);
        row.ExecutionId = start.OrchestrationInstance.ExecutionId;
        row.ParentId = start.ParentInstance?.OrchestrationInstance.InstanceId;
        row.Parent = EventJson.WriteOptional(start.ParentInstance);
        row.Tags = start.Tags is { Count: > 0 } tags ? EventJson.Write(tags) : null;
        (row.Status, row.StartsAt) = (OrchestrationStatus.Pending, start.ScheduledStartTime);
        row.CreatedAt = row.UpdatedAt = clock.Now;
        (row.CustomStatus, row.Output, row.Failure, row.CompletedAt) = (null, null, null, null);
        (row.Failures, row.LastError, row.Owner, row.LockedUntil, row.NextEvent) = (0, null, null, null, 0);
    }

    /// <summary>Deletes what the former execution of a reused id left.</summary>
    private static async Task ForgetAsync(Session session, InstanceRow row)
    {
        session.RemoveRange(await session.History.Where(history => history.Instance == row.Id).ToListAsync());
        session.RemoveRange(await session.Messages.Where(message => message.Instance == row.Id).ToListAsync());
    }
}
