using MassTransit;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Promotion;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Workflow;

// How CycleMachine does what it says.
public sealed partial class CycleMachine : MassTransitStateMachine<Cycle>
{
    private readonly OrchestratorOptions _options;

    public State Collecting { get; private set; } = null!;
    public State Expanding { get; private set; } = null!;
    public State Training { get; private set; } = null!;
    public State Evaluating { get; private set; } = null!;
    public State Judging { get; private set; } = null!;
    public State AwaitingApproval { get; private set; } = null!;
    public State Promoting { get; private set; } = null!;
    public State Cancelling { get; private set; } = null!;
    public State Completed { get; private set; } = null!;
    public State Rejected { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Cancelled { get; private set; } = null!;

    public Event<CycleStarted> Started { get; private set; } = null!;
    public Event<CycleRung> Rung { get; private set; } = null!;
    public Event<CycleExpanded> Expanded { get; private set; } = null!;
    public Event<CycleUntrainable> Untrainable { get; private set; } = null!;
    public Event<RunTrained> CandidateTrained { get; private set; } = null!;
    public Event<RunEvaluated> CandidateEvaluated { get; private set; } = null!;
    public Event<RunFailed> CandidateFailed { get; private set; } = null!;
    public Event<RunCancelled> CandidateCancelled { get; private set; } = null!;
    public Event<CycleJudged> Judged { get; private set; } = null!;
    public Event<CyclePromoted> Promoted { get; private set; } = null!;
    public Event<CycleStepFailed> StepFailed { get; private set; } = null!;
    public Event<CancelCycle> CancelAsked { get; private set; } = null!;
    public Event<ApproveCycle> ApproveAsked { get; private set; } = null!;
    public Event<RejectCycle> RejectAsked { get; private set; } = null!;
    public Event<RetryCycle> RetryAsked { get; private set; } = null!;

    private void Declare()
    {
        InstanceState(cycle => cycle.State);
        Event(() => Started, correlation => correlation.CorrelateById(context => SagaIds.Of(context.Message.Cycle)));
        Event(() => Rung, OfItsCycle);
        Event(() => Expanded, OfItsCycle);
        Event(() => Untrainable, OfItsCycle);
        Event(() => CandidateTrained, OfItsCycle);
        Event(() => CandidateEvaluated, OfItsCycle);
        Event(() => CandidateFailed, OfItsCycle);
        Event(() => CandidateCancelled, OfItsCycle);
        Event(() => Judged, OfItsCycle);
        Event(() => Promoted, OfItsCycle);
        Event(() => StepFailed, OfItsCycle);
        Event(() => CancelAsked, OfItsCycle);
        Event(() => ApproveAsked, OfItsCycle);
        Event(() => RejectAsked, OfItsCycle);
        Event(() => RetryAsked, OfItsCycle);
    }

    private static void OfItsCycle<T>(IEventCorrelationConfigurator<Cycle, T> correlation) where T : class, ICycleMessage
    {
        correlation.CorrelateById(context => SagaIds.Of(context.Message.Cycle));
        correlation.OnMissingInstance(missing => missing.Discard());
    }

    private static OrchestratorDb Db(BehaviorContext<Cycle> context) => context.GetPayload<OrchestratorDb>();
    private static DateTimeOffset Now(BehaviorContext<Cycle> context) => Db(context).Clock.Now;

    // Conditions

    private static bool ByHand(BehaviorContext<Cycle, CycleStarted> context) => context.Message.StartedBy is not null;
    private static bool IsQuiet(BehaviorContext<Cycle> context) => context.Saga.DueAt <= Now(context);
    private static bool IsDue(BehaviorContext<Cycle, CycleRung> context) => context.Message.Always || context.Saga.DueAt <= Now(context);
    private static bool IsAwaited(BehaviorContext<Cycle, CycleStepFailed> context) => context.Message.Command == context.Saga.Awaits;
    private static bool IsInLedger(BehaviorContext<Cycle> context) => context.Saga.Generation is not null;

    // What the ledger says was promoted must end promoted, however long the disk is full.
    private bool IsBeyondRepair(BehaviorContext<Cycle, CycleStepFailed> context) =>
        context.Saga.Generation is null && (context.Message.Lasting || context.Saga.Attempt > _options.Retries.Infrastructure);

    private static StateMachineCondition<Cycle, CycleJudged> Says(Decision decision) => context => context.Message.Judgement.Decision == decision;

    // What is kept

    private static void Begin(BehaviorContext<Cycle, CycleStarted> context)
    {
        var (cycle, start) = (context.Saga, context.Message);
        (cycle.Id, cycle.Line, cycle.Number, cycle.Workflow) = (start.Cycle, start.Line, start.Number, Workflow);
        (cycle.Recipe, cycle.Seed, cycle.StartedBy, cycle.Why) = (start.Recipe, start.Seed, start.StartedBy, start.Why);
        (cycle.Schedule, cycle.ScheduledFor) = (start.Schedule, start.ScheduledFor);
        cycle.Candidates = [.. start.Candidates ?? [new Candidate("", start.Recipe, start.Seed)]];
        cycle.TraceParent = Telemetry.TraceParent;
        Db(context).Note(cycle, "started", start.Why, start.StartedBy);
    }

    /// <summary>The datasets as they are now; <see cref="Cycle.DueAt"/> becomes the end of the quiet window after the newest commit.</summary>
    private async Task TakeData(BehaviorContext<Cycle> context)
    {
        var heads = await Db(context).Datasets.AsNoTracking().ToListAsync(context.CancellationToken);
        context.Saga.Datasets = new(heads.ToDictionary(head => head.Name, head => head.Version), StringComparer.Ordinal);
        context.Saga.DueAt = heads.Select(head => head.CommittedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max() + _options.QuietWindow;
    }

    private static void KeepRuns(BehaviorContext<Cycle, CycleExpanded> context)
    {
        var (cycle, expanded) = (context.Saga, context.Message);
        (cycle.LabelSpace, cycle.Champion) = (expanded.LabelSpace, expanded.Champion);
        cycle.Candidates = [.. expanded.Candidates ?? [new Candidate(expanded.Run, cycle.Recipe, cycle.Seed)]];
        cycle.Run = cycle.Candidates.Count == 1 ? expanded.Run : null;
        cycle.Drops = [.. expanded.Drops ?? []];
        if (cycle.Drops.Count > 0)
            Db(context).Note(cycle, "data", $"new to the line: {(cycle.Drops.Count == 1 ? "drop" : "drops")} {string.Join(", ", cycle.Drops)}");
    }

    private static void KeepJudgement(BehaviorContext<Cycle, CycleJudged> context) =>
        (context.Saga.Judgement, context.Saga.SealedSet, context.Saga.Reason) =
        (context.Message.Judgement, context.Message.SealedSet, context.Message.Judgement.Text);

    private static void KeepApproval(BehaviorContext<Cycle, ApproveCycle> context) =>
        (context.Saga.ApprovedBy, context.Saga.ApprovedWhy) = (context.Message.Who, context.Message.Why);

    private static void KeepPromotion(BehaviorContext<Cycle, CyclePromoted> context) =>
        context.Saga.Reason = $"{context.Saga.Line}/{context.Saga.Model} went into production as generation {context.Saga.Generation}.";

    private static void KeepReason(BehaviorContext<Cycle, CycleUntrainable> context) => context.Saga.Reason = context.Message.Reason;
    private static void KeepReason(BehaviorContext<Cycle, RunFailed> context) => context.Saga.Reason = context.Message.Reason;
    private static void KeepReason(BehaviorContext<Cycle, RunCancelled> context) => context.Saga.Reason = $"Run {context.Message.Run} was cancelled.";
    private static void KeepReason(BehaviorContext<Cycle, CycleStepFailed> context) =>
        context.Saga.Reason = $"{context.Message.Command}: {context.Message.Reason}";

    private static void NoteAct<T>(BehaviorContext<Cycle, T> context) where T : class, ICycleAct
    {
        var (who, why) = (context.Message.Who, context.Message.Why);
        context.Saga.Reason = $"{typeof(T).Name.Replace("Cycle", "", StringComparison.Ordinal)} by {who}{(why is null ? "" : $": {why}")}";
        Db(context).Note(context.Saga, "asked", context.Saga.Reason, who);
    }

    // Asking, and asking again

    /// <summary>On entering a state.</summary>
    private async Task Ask(BehaviorContext<Cycle> context)
    {
        var cycle = context.Saga;
        var wait = CycleWaits.Of(cycle.State);
        cycle.Awaits = wait?.Command;
        cycle.Attempt = 0;
        cycle.DueAt = cycle.State switch
        {
            CycleStates.Collecting => Now(context) + _options.QuietWindow,
            CycleStates.AwaitingApproval => Now(context) + _options.ApprovalWithin,
            _ => null,
        };
        if (wait is not null)
            await Send(context, wait);
    }

    private static async Task AskAgain(BehaviorContext<Cycle> context)
    {
        var wait = CycleWaits.Of(context.Saga.State)!;
        if (wait.IsStep)
            Db(context).Note(context.Saga, "retry", $"{wait.Command} again: no answer so far ({context.Saga.Attempt} times sent)");
        await Send(context, wait);
    }

    private static async Task Send(BehaviorContext<Cycle> context, CycleWait wait)
    {
        context.Saga.Attempt++;
        context.Saga.DueAt = Now(context) + CycleWait.Patience;
        await wait.Send(context, context.Saga);
    }

    private void PauseAndRetry(BehaviorContext<Cycle, CycleStepFailed> context)
    {
        var pause = _options.PauseBeforeRetry(context.Saga.Attempt);
        context.Saga.DueAt = Now(context) + pause;
        Db(context).Note(context.Saga, "retry", $"{context.Message.Command} failed ({context.Message.Reason}); again in {pause.TotalSeconds:0.#} s");
    }

    // Answers

    private static Task Accept(BehaviorContext<Cycle> context) => context.AnswerAsync(new ActAnswer(null));

    private static Task RefuseSecondStart(BehaviorContext<Cycle, CycleStarted> context) =>
        context.AnswerAsync(new ActAnswer($"Cycle {context.Saga.Id} is {context.Saga.State}."));

    private static Task RefuseCancel(BehaviorContext<Cycle, CancelCycle> context)
    {
        var refusal = $"Cycle {context.Saga.Id} is in the ledger as generation {context.Saga.Generation} already. Roll back instead.";
        Db(context).Note(context.Saga, "refused", refusal, context.Message.Who);
        return context.AnswerAsync(new ActAnswer(refusal));
    }

    private static Task IgnoreAndRecord(UnhandledEventContext<Cycle> context)
    {
        Db(context).Note(context.Saga, "ignored", $"{context.Event.Name} while {context.Saga.State}");
        return context.AnswerAsync(new ActAnswer($"Cycle {context.Saga.Id} is {context.Saga.State}: {context.Event.Name} does not apply."));
    }
}
