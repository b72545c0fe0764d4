using System.Data.Common;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Rows;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DurableTask.EntityFramework.Storage;

/// <summary>
/// Turns and activities that could not be executed or saved: again after a growing pause, and after enough attempts failed for good.
/// </summary>
internal sealed class FailureStore(
    Sessions sessions, IWorkQueue queue, Outbox outbox, MessageClock clock, EntityFrameworkOptions options, ILogger<FailureStore> log)
{
    private int Attempts => options.MaxAttempts;

    /// <summary>Releases the claim on a turn.</summary>
    public async Task FailTurnAsync(InstanceRow claimed, string? owner, Exception failure)
    {
        var pause = options.FirstRetryPause;
        try
        {
            pause = IsPassing(failure) ? pause : await CountAsync(claimed.Id, owner, failure) ?? TimeSpan.Zero;
        }
        finally
        {
            await queue.ReleaseInstanceAsync(claimed.Id, owner, pause);
        }
    }

    /// <summary>Releases the claim on an activity, or answers for it.</summary>
    public async Task FailActivityAsync(ActivityRow claimed, string? owner, Exception failure)
    {
        var pause = options.FirstRetryPause;
        var answered = false;
        try
        {
            if (IsPassing(failure))
                return;
            await using var session = sessions.Open();
            // Gone where another process has executed it.
            if (await session.Activities.FirstOrDefaultAsync(row => row.Id == claimed.Id && row.Owner == owner) is not { } row)
                return;
            pause = options.PauseAfter(++row.Failures);
            if (row.Failures >= Attempts)
                Answer(session, row, failure);
            log.LogError(failure, "{Name} of {Instance}: attempt {Attempt} of {Attempts} failed", row.Name, row.Instance, row.Failures, Attempts);
            await sessions.SaveAsync(session, queue);
            answered = row.Failures >= Attempts;
        }
        finally
        {
            if (answered)
                queue.ActivityDone(claimed.Id);
            else
                await queue.ReleaseActivityAsync(claimed, owner, pause);
        }
    }

    /// <summary>Of the database or the process, not of the instance: not counted.</summary>
    private static bool IsPassing(Exception failure) => failure switch
    {
        DbUpdateConcurrencyException or OperationCanceledException or TimeoutException => true,
        SqliteException { SqliteErrorCode: 5 or 6 or 10 or 13 } => true, // busy, locked, I/O error, disk full
        DbException { IsTransient: true } => true,
        _ => failure.InnerException is { } inner && IsPassing(inner),
    };

    private void Answer(Session session, ActivityRow row, Exception failure)
    {
        var scheduled = EventJson.Read<TaskScheduledEvent>(row.Body);
        var reason = $"The result could not be saved in {row.Failures} attempts: {failure.Message}";
        var failed = new TaskFailedEvent(-1, scheduled.EventId, reason, details: null, new FailureDetails(failure));
        session.Activities.Remove(row);
        session.Messages.Add(outbox.RowOf(new OrchestrationInstance { InstanceId = row.Instance, ExecutionId = row.ExecutionId }, failed));
    }

    /// <returns>The pause before the next attempt; null where the instance has failed for good, or the lock was lost.</returns>
    private async Task<TimeSpan?> CountAsync(string id, string? owner, Exception failure)
    {
        await using var session = sessions.Open();
        if (await session.Instances.FirstOrDefaultAsync(row => row.Id == id && row.Owner == owner) is not { } row)
            return null;
        row.Failures++;
        row.LastError = failure.Message;
        row.UpdatedAt = clock.Now;
        log.LogError(failure, "Turn of {Name} {Instance}: attempt {Attempt} of {Attempts} failed", row.Name, id, row.Failures, Attempts);
        if (row.Failures >= Attempts)
            await EndAsync(session, row, failure);
        await sessions.SaveAsync(session, queue);
        return row.IsCompleted ? null : options.PauseAfter(row.Failures);
    }

    private async Task EndAsync(Session session, InstanceRow row, Exception failure)
    {
        var reason = $"A turn failed in {row.Failures} attempts: {failure.Message}";
        var details = new FailureDetails(failure.GetType().FullName!, reason, failure.ToString(), innerFailure: null, isNonRetriable: true);
        (row.Status, row.CompletedAt, row.Failure) = (OrchestrationStatus.Failed, clock.Now, EventJson.Write(details));
        (row.Owner, row.LockedUntil) = (null, null);
        session.RemoveRange(await session.Messages.Where(message => message.Instance == row.Id).ToListAsync());
        if (EventJson.ReadOptional<ParentInstance>(row.Parent) is { } parent)
            await outbox.SendAsync(session, new TaskMessage
            {
                OrchestrationInstance = parent.OrchestrationInstance,
                Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, reason, details: null, details),
            });
    }
}
