using MassTransit;
using VerSemi.Domain.Promotion;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// What may happen to a <see cref="Cycle"/>. Entering a state asks for what the state waits for (its command, see
/// <see cref="CycleWaits"/>); the sweep rings where the answer is overdue. Anything not written here is ignored and
/// recorded in the timeline.
/// </summary>
public sealed partial class CycleMachine
{
    /// <summary>What a cycle that begins now keeps. 2: several candidates. Another order of states would be another class beside this one.</summary>
    public const int Workflow = 2;

    public CycleMachine(OrchestratorOptions options)
    {
        _options = options;
        Declare();

        Initially(
            When(Started).Then(Begin).ThenAsync(TakeData)
                .IfElse(ByHand, start => start.TransitionTo(Expanding), start => start.TransitionTo(Collecting))
                .ThenAsync(Accept));

        During(Collecting,
            When(Rung).ThenAsync(TakeData)
                .If(IsQuiet, data => data.TransitionTo(Expanding)),
            When(CancelAsked).ThenAsync(TakeData).Then(NoteAct).TransitionTo(Cancelled).ThenAsync(Accept));

        During(Expanding,
            When(Expanded).Then(KeepRuns).TransitionTo(Training),
            When(Untrainable).Then(KeepReason).TransitionTo(Rejected));

        // One candidate goes straight through; of several the best on validation is evaluated, once all have ended.
        During(Training,
            AfterAll(CandidateTrained), AfterAll(CandidateEvaluated), AfterAll(CandidateFailed), AfterAll(CandidateCancelled));

        During(Evaluating,
            Ignore(CandidateTrained),
            When(CandidateEvaluated, IsOfItsRun).TransitionTo(Judging),
            When(CandidateFailed, IsOfItsRun).Then(KeepReason).TransitionTo(Failed),
            When(CandidateCancelled, IsOfItsRun).Then(KeepReason).TransitionTo(Cancelled));

        During(Training, Evaluating,
            When(CancelAsked).Then(NoteAct).TransitionTo(Cancelling).ThenAsync(Accept));

        // A report that could not be read is made again meanwhile.
        During(Judging,
            Ignore(CandidateTrained), Ignore(CandidateEvaluated),
            When(Judged).Then(KeepJudgement)
                .If(Says(Decision.Promote), judged => judged.TransitionTo(Promoting))
                .If(Says(Decision.Reject), judged => judged.TransitionTo(Rejected))
                .If(Says(Decision.NeedsApproval), judged => judged.TransitionTo(AwaitingApproval)));

        During(AwaitingApproval,
            When(ApproveAsked).Then(NoteAct).Then(KeepApproval).TransitionTo(Promoting).ThenAsync(Accept),
            When(RejectAsked).Then(NoteAct).TransitionTo(Rejected).ThenAsync(Accept),
            When(Rung, IsPastDeadline).Then(NoteNobodyDecided).TransitionTo(Rejected));

        During(Expanding, Judging, AwaitingApproval,
            When(CancelAsked).Then(NoteAct).TransitionTo(Cancelled).ThenAsync(Accept));

        During(Promoting,
            When(Promoted).Then(KeepPromotion).TransitionTo(Completed),
            When(CancelAsked).IfElse(IsInLedger,
                cancel => cancel.ThenAsync(RefuseCancel),
                cancel => cancel.Then(NoteAct).TransitionTo(Cancelled).ThenAsync(Accept)));

        // Whatever the runs came to in the meantime: they have no worker any more.
        During(Cancelling,
            OnceFree(CandidateCancelled), OnceFree(CandidateEvaluated), OnceFree(CandidateFailed),
            When(CancelAsked).ThenAsync(Accept),
            Ignore(CandidateTrained));

        During(Expanding, Judging, Promoting,
            When(StepFailed, IsAwaited).IfElse(IsBeyondRepair,
                step => step.Then(KeepReason).TransitionTo(Failed),
                step => step.Then(PauseAndRetry)));

        During([Expanding, Training, Evaluating, Judging, Promoting, Cancelling],
            When(Rung, IsDue).ThenAsync(AskAgain));

        BeforeEnter(Failed, failing => failing.Then(KeepWhereItFailed));
        During(Failed,
            When(RetryAsked).IfElseAsync(IsNewestOfItsLine, Retry, old => old.ThenAsync(RefuseRetry)));

        // The sweep starts a cycle until it sees it; a person is told.
        DuringAny(
            When(Started).ThenAsync(RefuseSecondStart));

        During([Completed, Rejected, Failed, Cancelled],
            Ignore(Rung));

        WhenEnterAny(state => state.ThenAsync(Ask));
        OnUnhandledEvent(IgnoreAndRecord);
    }
}
