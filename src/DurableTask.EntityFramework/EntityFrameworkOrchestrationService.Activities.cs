using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.EntityFramework.Storage;

namespace DurableTask.EntityFramework;

// Activities.
internal sealed partial class EntityFrameworkOrchestrationService
{
    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await queue.NextActivityAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                // DurableTask.Core would forget it.
                await queue.ReleaseActivityAsync(row, row.Owner, TimeSpan.Zero);
                throw new TaskCanceledException();
            }
            try
            {
                return new ActivityExecution(row)
                {
                    Id = $"{row.Id}",
                    LockedUntilUtc = queue.LockedUntil,
                    TaskMessage = new TaskMessage
                    {
                        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Instance, ExecutionId = row.ExecutionId },
                        Event = EventJson.Read<TaskScheduledEvent>(row.Body),
                    },
                };
            }
            catch (Newtonsoft.Json.JsonException e)
            {
                await failures.FailActivityAsync(row, row.Owner, e);
            }
        }
    }

    public async Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        var execution = (ActivityExecution)workItem;
        try
        {
            await using var session = sessions.Open();
            session.Activities.Remove(execution.Row);
            // Where the instance has ended meanwhile, the message is deleted when it is next looked at.
            session.Messages.Add(outbox.RowOf(responseMessage.OrchestrationInstance, responseMessage.Event));
            await sessions.SaveAsync(session, queue);
            queue.ActivityDone(execution.Row.Id);
        }
        catch (Exception e)
        {
            execution.Failure = e;
            throw;
        }
    }

    public async Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem)
    {
        var execution = (ActivityExecution)workItem;
        workItem.LockedUntilUtc = queue.LockedUntil;
        await queue.RenewActivityAsync(execution.Row.Id, execution.Owner);
        return workItem;
    }

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        var execution = (ActivityExecution)workItem;
        var failure = execution.Failure ?? new InvalidOperationException("DurableTask.Core abandoned the activity; its log says why.");
        return failures.FailActivityAsync(execution.Row, execution.Owner, failure);
    }
}
