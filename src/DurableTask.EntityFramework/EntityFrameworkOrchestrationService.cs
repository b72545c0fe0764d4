using DurableTask.Core;
using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Storage;

namespace DurableTask.EntityFramework;

/// <summary>
/// DurableTask.Core's provider on an application's Entity Framework context. What a turn or an activity brings about is one
/// SaveChanges. The dispatchers and the replay are DurableTask.Core's.
/// </summary>
internal sealed partial class EntityFrameworkOrchestrationService(
    Sessions sessions, IWorkQueue queue, TurnStore turns, FailureStore failures, Outbox outbox, EntityFrameworkOptions options)
    : IOrchestrationService
{
    public int TaskOrchestrationDispatcherCount => 1;
    public int TaskActivityDispatcherCount => 1;
    public int MaxConcurrentTaskOrchestrationWorkItems => options.MaxConcurrentOrchestrations;
    public int MaxConcurrentTaskActivityWorkItems => options.MaxConcurrentActivities;
    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    public Task StartAsync() => queue.StartAsync();

    /// <summary>Ends by cancellation, never by the timeout: a wait costs nothing.</summary>
    public async Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var claim = await queue.NextInstanceAsync(cancellationToken);
            var owner = claim.Row.Owner;
            try
            {
                if (await turns.LoadAsync(claim) is { } turn)
                    return turn;
            }
            catch (Exception e)
            {
                await failures.FailTurnAsync(claim.Row, owner, e);
                continue;
            }
            if (owner is null)
                queue.InstanceDone(claim.Row.Id);
            else
                await queue.ReleaseInstanceAsync(claim.Row.Id, owner, TimeSpan.Zero);
        }
    }

    public async Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem, OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage>? outboundMessages, IList<TaskMessage>? orchestratorMessages, IList<TaskMessage>? timerMessages,
        TaskMessage? continuedAsNewMessage, OrchestrationState? orchestrationState)
    {
        var turn = (Turn)workItem;
        var messages = new TurnMessages(outboundMessages ?? [], orchestratorMessages ?? [], timerMessages ?? []);
        try
        {
            await turns.SaveAsync(turn, newOrchestrationRuntimeState, messages, orchestrationState);
        }
        catch (Exception e)
        {
            turn.Failure = e;
            throw;
        }
    }

    public async Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem)
    {
        // Counted from before the request.
        workItem.LockedUntilUtc = queue.LockedUntil;
        await queue.RenewInstanceAsync(workItem.InstanceId, ((Turn)workItem).Owner);
    }

    public async Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        var turn = (Turn)workItem;
        turn.IsEnded = true;
        var failure = turn.Failure ?? new InvalidOperationException("DurableTask.Core abandoned the turn; its log says why.");
        await failures.FailTurnAsync(turn.Row, turn.Owner, failure);
    }

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => workItem is Turn { IsEnded: false } turn
        ? queue.ReleaseInstanceAsync(turn.InstanceId, turn.Owner, TimeSpan.Zero)
        : Task.CompletedTask;

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    // The pauses are the instance's own: a failed one must not slow down the others.
    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;
    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is OperationCanceledException ? 0 : 1;
    public Task StopAsync() => Task.CompletedTask;
    public Task StopAsync(bool isForced) => Task.CompletedTask;
    public Task CreateAsync() => Task.CompletedTask;
    public Task CreateAsync(bool recreateInstanceStore) => Task.CompletedTask;
    public Task CreateIfNotExistsAsync() => Task.CompletedTask;
    public Task DeleteAsync() => throw TablesAreTheApplications();
    public Task DeleteAsync(bool deleteInstanceStore) => throw TablesAreTheApplications();

    private static NotSupportedException TablesAreTheApplications() =>
        new("The tables belong to the application's context: create and delete them with its migrations.");
}
