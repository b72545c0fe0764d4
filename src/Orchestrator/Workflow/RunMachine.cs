using MassTransit;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// What may happen to a <see cref="Run"/>. While it is queued or trained it calls for a worker; a worker that asks gets a
/// lease with a number of its own, and only the end of the newest lease counts. Its cycle hears of every step, and again
/// whenever it asks.
/// </summary>
public sealed partial class RunMachine
{
    public RunMachine(OrchestratorOptions options)
    {
        _options = options;
        Declare();

        Initially(
            When(Pursued).Then(Begin).TransitionTo(Queued),
            When(CancelAsked).Then(Begin).TransitionTo(Cancelled));

        During([Queued, Leased, Cancelling],
            When(Pursued).Then(Adopt).ThenAsync(TellCycle));

        During(Evaluated,
            When(Pursued).Then(Adopt).IfElse(WantsItAgain,
                damaged => damaged.TransitionTo(Trained),
                asked => asked.ThenAsync(TellCycle)));

        // One of several candidates rests here until it is chosen.
        During(Trained,
            When(Pursued).IfElse(WakesIt,
                chosen => chosen.Then(Adopt).ThenAsync(CallWorker),
                asked => asked.Then(Adopt)).ThenAsync(TellCycle));

        During(Failed, Cancelled,
            When(Pursued).IfElse(ByAnotherCycle,
                again => again.Then(Revive).TransitionTo(Queued),
                asked => asked.ThenAsync(TellCycle)));

        // The work may be done although nobody ever said so: the worker's last word was lost with a process.
        During(Queued, Trained,
            When(LeaseAsked).Then(KeepFinishedWork)
                .IfElse(IsEvaluated,
                    done => done.ThenAsync(Refuse).TransitionTo(Evaluated),
                    open => open.IfElse(Rests,
                        rest => rest.ThenAsync(Refuse).TransitionTo(Trained),
                        work => work.ThenAsync(Grant).TransitionTo(Leased))),
            When(CancelAsked).TransitionTo(Cancelled),
            When(Rung, IsDue).ThenAsync(CallAgain));

        During(Leased,
            EndOf(TrainingDone, end => end.Then(KeepCandidate).TransitionTo(Trained)),
            EndOf(EvaluationDone, end => end.TransitionTo(Evaluated)),
            EndOf(HandedBack, BackInQueue),
            EndOf(AttemptFailed, RetryOrFail),
            EndOf(RanOut, RetryOrFail),
            When(CancelAsked).ThenAsync(TellWorkerToStop).TransitionTo(Cancelling));

        During(Cancelling,
            EndOf(TrainingDone, end => end.Then(KeepCandidate).TransitionTo(Cancelled)),
            EndOf(EvaluationDone, end => end.TransitionTo(Cancelled)),
            EndOf(HandedBack, end => end.TransitionTo(Cancelled)),
            EndOf(AttemptFailed, end => end.TransitionTo(Cancelled)),
            EndOf(RanOut, end => end.TransitionTo(Cancelled)),
            Ignore(CancelAsked));

        During(Evaluated, Failed, Cancelled,
            When(CancelAsked).ThenAsync(TellItHasNoWorker));

        During([Leased, Cancelling, Evaluated, Failed, Cancelled],
            When(LeaseAsked).ThenAsync(Refuse),
            Ignore(Rung));

        During([Queued, Trained, Evaluated, Failed, Cancelled],
            When(TrainingDone).ThenAsync(Fence),
            When(EvaluationDone).ThenAsync(Fence),
            When(HandedBack).ThenAsync(Fence),
            When(AttemptFailed).ThenAsync(Fence),
            Ignore(RanOut));

        WhenEnterAny(state => state.ThenAsync(CallWorker).ThenAsync(TellCycle));
        OnUnhandledEvent(IgnoreAndRecord);
    }
}
