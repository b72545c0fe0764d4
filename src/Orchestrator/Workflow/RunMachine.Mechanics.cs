using MassTransit;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Workflow;

// How RunMachine does what it says; leases are in RunMachine.Leases.cs.
public sealed partial class RunMachine : MassTransitStateMachine<Run>
{
    private readonly OrchestratorOptions _options;

    public State Queued { get; private set; } = null!;
    public State Leased { get; private set; } = null!;
    public State Trained { get; private set; } = null!;
    public State Evaluated { get; private set; } = null!;
    public State Cancelling { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Cancelled { get; private set; } = null!;

    public Event<PursueRun> Pursued { get; private set; } = null!;
    public Event<CancelRun> CancelAsked { get; private set; } = null!;
    public Event<RunRung> Rung { get; private set; } = null!;
    public Event<LeaseAsked> LeaseAsked { get; private set; } = null!;
    public Event<TrainingDone> TrainingDone { get; private set; } = null!;
    public Event<EvaluationDone> EvaluationDone { get; private set; } = null!;
    public Event<LeaseHandedBack> HandedBack { get; private set; } = null!;
    public Event<AttemptFailed> AttemptFailed { get; private set; } = null!;
    public Event<LeaseRanOut> RanOut { get; private set; } = null!;

    private void Declare()
    {
        InstanceState(run => run.State);
        Event(() => Pursued, correlation => correlation.CorrelateById(context => SagaIds.Of(context.Message.Run)));
        Event(() => CancelAsked, correlation => correlation.CorrelateById(context => SagaIds.Of(context.Message.Run)));
        Event(() => Rung, OfItsRun);
        Event(() => LeaseAsked, OfItsRun);
        Event(() => TrainingDone, OfItsRun);
        Event(() => EvaluationDone, OfItsRun);
        Event(() => HandedBack, OfItsRun);
        Event(() => AttemptFailed, OfItsRun);
        Event(() => RanOut, OfItsRun);
    }

    private static void OfItsRun<T>(IEventCorrelationConfigurator<Run, T> correlation) where T : class, IRunMessage
    {
        correlation.CorrelateById(context => SagaIds.Of(context.Message.Run));
        correlation.OnMissingInstance(missing => missing.Discard());
    }

    private static OrchestratorDb Db(BehaviorContext<Run> context) => context.GetPayload<OrchestratorDb>();
    private static DateTimeOffset Now(BehaviorContext<Run> context) => Db(context).Clock.Now;

    private static bool ByAnotherCycle(BehaviorContext<Run, PursueRun> context) => context.Saga.Cycle != context.Message.Cycle;
    private static bool IsDue(BehaviorContext<Run, RunRung> context) => context.Message.Always || context.Saga.DueAt <= Now(context);
    private static bool WakesIt(BehaviorContext<Run, PursueRun> context) => context.Message.Evaluate && !context.Saga.Evaluate;
    private static bool WantsItAgain(BehaviorContext<Run, PursueRun> context) => context.Message.Again;
    private static bool Rests(BehaviorContext<Run> context) => context.Saga.Rests;
    private static bool IsEvaluated(BehaviorContext<Run, LeaseAsked> context) => context.Message.Evaluated;

    private static void Begin(BehaviorContext<Run, PursueRun> context)
    {
        (context.Saga.Id, context.Saga.Line, context.Saga.Cycle) = (context.Message.Run, context.Message.Line, context.Message.Cycle);
        (context.Saga.Evaluate, context.Saga.TraceParent) = (context.Message.Evaluate, Telemetry.TraceParent);
    }

    private static void Begin(BehaviorContext<Run, CancelRun> context) =>
        (context.Saga.Id, context.Saga.Line, context.Saga.Cycle) = (context.Message.Run, context.Message.Line, context.Message.Cycle);

    private static void Adopt(BehaviorContext<Run, PursueRun> context)
    {
        context.Saga.Cycle = context.Message.Cycle;
        context.Saga.Evaluate |= context.Message.Evaluate;
    }

    /// <summary>A person starts the same work again: it goes on from where it was, with a fresh budget.</summary>
    private static void Revive(BehaviorContext<Run, PursueRun> context)
    {
        var run = context.Saga;
        Db(context).Note(run, "revived", $"by cycle {context.Message.Cycle}; it had ended as {run.State}: {run.Reason}");
        (run.Cycle, run.Reason, run.Evaluate, run.TraceParent) = (context.Message.Cycle, null, context.Message.Evaluate, Telemetry.TraceParent);
        (run.InfrastructureFailures, run.OutOfMemoryFailures, run.DataFailures, run.CodeFailures) = (0, 0, 0, 0);
    }

    /// <summary>On entering a state: at once, but after a failure only when its pause is over.</summary>
    private async Task CallWorker(BehaviorContext<Run> context)
    {
        var run = context.Saga;
        run.Calls = 0;
        run.DueAt = null;
        if (run.State is not (RunStates.Queued or RunStates.Trained) || run.Rests)
            return;
        if (run.Pause is { } pause)
            run.DueAt = Now(context) + pause;
        else
            await CallAgain(context);
    }

    private async Task CallAgain(BehaviorContext<Run> context)
    {
        context.Saga.Calls++;
        context.Saga.DueAt = Now(context) + _options.RingAgain;
        // It lives until the next one: so there is about one message a run, and a scaler that counts messages counts runs. All
        // live equally long, because the broker lets go of what has expired only once all that came before it is gone.
        await context.SendToAsync(QueueOf(context.Saga), new WorkOnRun(context.Saga.Id), context.Saga.DueAt - Now(context));
    }

    /// <summary>By the number that the next attempt will have.</summary>
    private string QueueOf(Run run) => run.Attempt < (_options.SpotAttempts ?? int.MaxValue) ? Queues.Training : Queues.TrainingOnDemand;

    private static Task TellCycle(BehaviorContext<Run> context)
    {
        var run = context.Saga;
        return run.State switch
        {
            RunStates.Evaluated => context.SendToAsync(WorkflowQueues.Cycles, new RunEvaluated(run.Cycle, run.Id, run.ValidationDice)),
            RunStates.Failed => context.SendToAsync(WorkflowQueues.Cycles, new RunFailed(run.Cycle, run.Id, run.Reason ?? "")),
            RunStates.Cancelled => context.SendToAsync(WorkflowQueues.Cycles, new RunCancelled(run.Cycle, run.Id)),
            RunStates.Cancelling => Task.CompletedTask,
            _ => run.TrainedAttempt is null ? Task.CompletedTask : context.SendToAsync(WorkflowQueues.Cycles, new RunTrained(run.Cycle, run.Id, run.ValidationDice)),
        };
    }

    private static Task TellItHasNoWorker(BehaviorContext<Run, CancelRun> context) =>
        context.SendToAsync(WorkflowQueues.Cycles, new RunCancelled(context.Message.Cycle, context.Saga.Id));

    private static Task IgnoreAndRecord(UnhandledEventContext<Run> context)
    {
        Db(context).Note(context.Saga, "ignored", $"{context.Event.Name} while {context.Saga.State}");
        return Task.CompletedTask;
    }
}
