using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Loads turns and saves what they bring about, each in one SaveChanges.</summary>
internal sealed class TurnStore(Sessions sessions, IWorkQueue queue, Outbox outbox, MessageClock clock)
{
    /// <returns>Null where nothing is due, or where the instance has ended: late messages are then deleted.</returns>
    public async Task<Turn?> LoadAsync(InstanceClaim claim)
    {
        var (row, before) = claim;
        await using var session = sessions.Open();
        var messages = await session.Messages.AsNoTracking().Where(message => message.Instance == row.Id && message.DueAt <= before)
            .OrderBy(message => message.Kind != nameof(ExecutionStartedEvent)).ThenBy(message => message.HappensAt)
            .ThenBy(message => message.Id).ToListAsync();
        if (messages.Count == 0)
            return null;
        if (row.IsCompleted)
        {
            await DropAsync(session, row, messages);
            return null;
        }
        var history = await session.History.AsNoTracking().Where(happened => happened.Instance == row.Id)
            .OrderBy(happened => happened.Number).ToListAsync();
        return new Turn(row, messages)
        {
            InstanceId = row.Id,
            LockedUntilUtc = queue.LockedUntil,
            NewMessages = [.. messages.Select(MessageOf)],
            OrchestrationRuntimeState = new OrchestrationRuntimeState([.. history.Select(EventOf)]),
        };
    }

    /// <param name="state">Null where DurableTask.Core rejects the messages: they are deleted, nothing else changes.</param>
    /// <exception cref="DbUpdateConcurrencyException">
    /// The lock was lost: another process has executed the turn, and nothing was saved.
    /// </exception>
    public async Task SaveAsync(Turn turn, OrchestrationRuntimeState runtime, TurnMessages messages, OrchestrationState? state)
    {
        var row = turn.Row;
        await using var session = sessions.Open();
        session.Instances.Attach(row);
        if (state is not null)
        {
            await AppendAsync(session, row, runtime);
            Describe(row, state);
        }
        foreach (var message in messages.Activities)
            Outbox.AddActivity(session, message);
        foreach (var message in messages.Others)
            await (message.Event is ExecutionStartedEvent ? outbox.StartChildAsync(session, message) : outbox.SendAsync(session, message));
        // A turn that ends the instance may have set timers before: they will not fire.
        foreach (var message in row.IsCompleted ? [] : messages.Timers)
            outbox.AddTimer(session, message);
        if (row.Status == OrchestrationStatus.Terminated && turn.Messages.FirstOrDefault(message => message.Recursive) is { } terminated)
            await TerminateChildrenAsync(session, row.Id, EventJson.Read(terminated.Kind, terminated.Body));
        await RemoveMessagesAsync(session, turn);
        (row.Owner, row.LockedUntil, row.Failures, row.LastError) = (null, null, 0, null);
        await sessions.SaveAsync(session, queue);
        turn.IsEnded = true;
        queue.InstanceDone(row.Id);
    }

    /// <summary>Messages that came too late. Fails as a whole where the id was reused meanwhile: then they are the new execution's.</summary>
    private async Task DropAsync(Session session, InstanceRow row, List<MessageRow> late)
    {
        // All of it, changed or not: so that the tokens are compared.
        session.Instances.Update(row);
        (row.Owner, row.LockedUntil) = (null, null);
        session.RemoveRange(late);
        await sessions.SaveAsync(session, queue);
    }

    private static async Task AppendAsync(Session session, InstanceRow row, OrchestrationRuntimeState runtime)
    {
        var execution = runtime.OrchestrationInstance!.ExecutionId;
        if (execution != row.ExecutionId)
        {
            // Continued as new.
            session.RemoveRange(await session.History.Where(happened => happened.Instance == row.Id).ToListAsync());
            row.ExecutionId = execution;
        }
        foreach (var happened in runtime.NewEvents)
            session.History.Add(new HistoryRow
            {
                Instance = row.Id,
                Number = row.NextEvent++,
                Kind = EventJson.KindOf(happened),
                Body = EventJson.Write(happened),
            });
    }

    private void Describe(InstanceRow row, OrchestrationState state)
    {
        (row.Status, row.Version, row.Input) = (state.OrchestrationStatus, state.Version, state.Input);
        (row.CustomStatus, row.Output, row.Failure) = (state.Status, state.Output, EventJson.WriteOptional(state.FailureDetails));
        row.UpdatedAt = clock.Now;
        if (row.Status is not (OrchestrationStatus.Running or OrchestrationStatus.Pending or OrchestrationStatus.Suspended))
            row.CompletedAt = row.UpdatedAt;
    }

    /// <summary>Sub-orchestrations are started by turns of their parent alone, so that none can be missed.</summary>
    private async Task TerminateChildrenAsync(Session session, string parent, HistoryEvent terminated)
    {
        var children = await session.Instances.Where(child => child.ParentId == parent && child.CompletedAt == null)
            .Select(child => child.Id).ToListAsync();
        children.AddRange(session.Instances.Local.Where(child => child.ParentId == parent).Select(child => child.Id));
        foreach (var child in children.Distinct())
        {
            var message = new TaskMessage { OrchestrationInstance = new OrchestrationInstance { InstanceId = child }, Event = terminated };
            await outbox.SendAsync(session, message, recursive: true);
        }
    }

    /// <summary>The processed ones; where the instance has ended, all: no timer of it fires any more.</summary>
    private static async Task RemoveMessagesAsync(Session session, Turn turn)
    {
        var id = turn.Row.Id;
        session.RemoveRange(turn.Row.IsCompleted
            ? await session.Messages.Where(message => message.Instance == id).ToListAsync()
            : turn.Messages);
    }

    private static HistoryEvent EventOf(HistoryRow row) => EventJson.Read(row.Kind, row.Body);

    private static TaskMessage MessageOf(MessageRow row) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Instance, ExecutionId = row.ExecutionId },
        Event = EventJson.Read(row.Kind, row.Body),
    };
}
