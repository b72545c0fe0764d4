using MassTransit;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow.Leases;

namespace VerSemi.Orchestrator.Workflow;

// Leases: given, ended, fenced. Rows of leases and attempts are written with the run's state, by the same SaveChanges.
public sealed partial class RunMachine
{
    private static void KeepFinishedWork(BehaviorContext<Run, LeaseAsked> context)
    {
        if (context.Saga.TrainedAttempt is { } lost && context.Message.TrainedAttempt is null)
        {
            context.Saga.TrainedAttempt = null;
            Db(context).Note(context.Saga, "lost", $"the result or model of attempt {lost} is missing or damaged: the training goes on from its last checkpoint");
        }
        if (context.Saga.TrainedAttempt is not null || context.Message.TrainedAttempt is not { } attempt)
            return;
        (context.Saga.TrainedAttempt, context.Saga.ValidationDice) = (attempt, context.Message.Dice);
        Db(context).Note(context.Saga, "found", $"attempt {attempt} had finished its training; its end was never heard of");
    }

    private async Task Grant(BehaviorContext<Run, LeaseAsked> context)
    {
        var (db, run, worker) = (Db(context), context.Saga, context.Message.Worker);
        run.Attempt++;
        if (await db.Leases.FindAsync([run.Id], context.CancellationToken) is { } old)
            db.Leases.Remove(old);
        db.Leases.Add(new LeaseRow { Run = run.Id, Attempt = run.Attempt, Worker = worker, Work = run.NextWork, ExpiresAt = db.Clock.Now + _options.TimeToExpiry });
        db.Attempts.Add(new AttemptRow { Run = run.Id, Number = run.Attempt, Work = run.NextWork, Worker = worker, StartedAt = db.Clock.Now });
        db.Note(run, "leased", $"attempt {run.Attempt}, {run.NextWork}, to {worker}");
        await context.AnswerAsync(new LeaseAnswer(
            run.Id, Granted: true, Refusal: null, run.NextWork, run.Attempt, _options.TimeToExpiry.TotalSeconds, _options.Heartbeat.TotalSeconds, run.TrainedAttempt,
            run.TraceParent));
    }

    private static Task Refuse(BehaviorContext<Run, LeaseAsked> context) =>
        context.AnswerAsync(LeaseAnswers.Refused(context.Saga.Id, $"Run {context.Saga.Id} is {context.Saga.State}."));

    /// <summary>The end of the newest lease does what <paramref name="then"/> says; that of an older one is refused.</summary>
    private EventActivities<Run> EndOf<T>(Event<T> end, Func<EventActivityBinder<Run, T>, EventActivityBinder<Run, T>> then) where T : class, ILeaseEnd =>
        When(end).IfElseAsync(IsOfNewestLease,
            current => then(current.ThenAsync(CloseAttempt)).ThenAsync(Confirm),
            outdated => outdated.ThenAsync(Fence));

    private static async Task<bool> IsOfNewestLease<T>(BehaviorContext<Run, T> context) where T : class, ILeaseEnd
    {
        var lease = await LeaseOf(context);
        if (lease?.Attempt != context.Message.Attempt)
            return false;
        // A heartbeat may have come after the sweep looked.
        return context.Message is not LeaseRanOut || lease.ExpiresAt <= Now(context);
    }

    private static Task<LeaseRow?> LeaseOf(BehaviorContext<Run> context) =>
        Db(context).Leases.FirstOrDefaultAsync(lease => lease.Run == context.Saga.Id, context.CancellationToken);

    private static async Task CloseAttempt<T>(BehaviorContext<Run, T> context) where T : class, ILeaseEnd
    {
        var (db, end) = (Db(context), context.Message);
        var lease = (await LeaseOf(context))!;
        var attempt = await db.Attempts.FirstAsync(row => row.Run == end.Run && row.Number == end.Attempt, context.CancellationToken);
        (attempt.EndedAt, attempt.Outcome, attempt.Progress, attempt.PeakMemoryBytes) = (db.Clock.Now, end.Outcome, lease.Progress, lease.Progress?.PeakMemoryBytes);
        if (FailureOf(end) is { } failure)
            (attempt.Failure, attempt.Reason) = failure;
        db.Leases.Remove(lease);
    }

    private static void KeepCandidate(BehaviorContext<Run, TrainingDone> context) =>
        (context.Saga.TrainedAttempt, context.Saga.ValidationDice) = (context.Message.TrainedAttempt, context.Message.Dice);

    private static (FailureKind Kind, string Reason)? FailureOf(ILeaseEnd end) => end switch
    {
        AttemptFailed failed => (failed.Failure, failed.Reason),
        LeaseRanOut => (FailureKind.Infrastructure, "its worker was not heard of any more"),
        _ => null,
    };

    private EventActivityBinder<Run, T> BackInQueue<T>(EventActivityBinder<Run, T> end) where T : class, ILeaseEnd =>
        end.IfElse(context => context.Saga.TrainedAttempt is null, run => run.TransitionTo(Queued), run => run.TransitionTo(Trained));

    private EventActivityBinder<Run, T> RetryOrFail<T>(EventActivityBinder<Run, T> end) where T : class, ILeaseEnd =>
        end.ThenAsync(Count).IfElse(context => context.Saga.Reason is null, BackInQueue, run => run.TransitionTo(Failed));

    /// <summary>Counts the failure against its budget; a reason is set where that is spent.</summary>
    private async Task Count<T>(BehaviorContext<Run, T> context) where T : class, ILeaseEnd
    {
        var run = context.Saga;
        var (kind, reason) = FailureOf(context.Message)!.Value;
        if (kind == FailureKind.Numerics)
            reason = $"{reason} {await WhereNumericsFailed(context)}";
        var failures = run.Count(kind);
        if (failures > _options.Retries.Of(kind))
        {
            run.Reason = $"Attempt {run.Attempt} failed ({kind}, no retries left): {reason}";
            return;
        }
        run.Pause = context.Message is LeaseRanOut ? null : _options.PauseBeforeRetry(failures);
        Db(context).Note(run, "retry", $"attempt {run.Attempt} failed ({kind}, {failures} of {_options.Retries.Of(kind)} retries): {reason}");
    }

    /// <summary>Only what fails on more than one worker may be the fault of recipe or data.</summary>
    private static async Task<string> WhereNumericsFailed<T>(BehaviorContext<Run, T> context) where T : class, ILeaseEnd
    {
        var ended = await Db(context).Attempts.AsNoTracking()
            .Where(row => row.Run == context.Saga.Id && (row.Failure == FailureKind.Numerics || row.Number == context.Message.Attempt)).Select(row => row.Worker).Distinct().ToListAsync(context.CancellationToken);
        return ended.Count == 1
            ? $"So far this failed on one worker alone ({ended[0]}): it says nothing about the data before another worker has failed too."
            : $"It failed on {ended.Count} workers ({string.Join(", ", ended.Order(StringComparer.Ordinal))}).";
    }

    private static async Task TellWorkerToStop(BehaviorContext<Run> context)
    {
        if (await LeaseOf(context) is { } lease)
            lease.CancelRequested = true;
    }

    private static Task Confirm(BehaviorContext<Run> context) => context.AnswerAsync(new HeartbeatAnswer(LeaseStanding.Continue));

    /// <summary>Refuses the word of an older attempt; but who only repeats itself is heard.</summary>
    private static async Task Fence<T>(BehaviorContext<Run, T> context) where T : class, ILeaseEnd
    {
        var (db, end) = (Db(context), context.Message);
        var known = await db.Attempts.AsNoTracking().AnyAsync(
            row => row.Run == end.Run && row.Number == end.Attempt && row.Outcome == end.Outcome, context.CancellationToken);
        if (!known && end is not LeaseRanOut)
            db.Note(context.Saga, "refused", $"{typeof(T).Name} of attempt {end.Attempt}; the newest is {context.Saga.Attempt}");
        await context.AnswerAsync(new HeartbeatAnswer(known ? LeaseStanding.Continue : LeaseStanding.Fenced));
    }
}
