using MassTransit;
using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Workflow;

// A deadline for people, and going on where a cycle failed.
public sealed partial class CycleMachine
{
    private static bool IsPastDeadline(BehaviorContext<Cycle, CycleRung> context) => context.Saga.DueAt <= Now(context);

    private void NoteNobodyDecided(BehaviorContext<Cycle> context) =>
        context.Saga.Reason = $"Nobody decided by {context.Saga.DueAt?.UtcDateTime:u}, within {_options.ApprovalWithin}.";

    private static void KeepWhereItFailed(BehaviorContext<Cycle> context) => context.Saga.FailedIn = context.Saga.State;

    private static async Task<bool> IsNewestOfItsLine(BehaviorContext<Cycle> context) =>
        !await Db(context).Cycles.AnyAsync(other => other.Line == context.Saga.Line && other.Number > context.Saga.Number, context.CancellationToken);

    /// <summary>To the state in which it failed; rows of before that was kept say by what they hold how far they were.</summary>
    private EventActivityBinder<Cycle, RetryCycle> Retry(EventActivityBinder<Cycle, RetryCycle> asked)
    {
        asked = asked.Then(NoteAct).ThenAsync(ReleaseRuns).Then(ForgetFailures);
        foreach (var state in new[] { Expanding, Training, Evaluating, Judging, Promoting })
            asked = asked.If(context => context.Saga.State == CycleStates.Failed && GoesOnIn(context.Saga) == state.Name, again => again.TransitionTo(state));
        return asked.ThenAsync(Accept);
    }

    private static string GoesOnIn(Cycle cycle) =>
        cycle.FailedIn ?? (cycle.Run is null ? CycleStates.Expanding : cycle.Judgement is null ? CycleStates.Training : CycleStates.Promoting);

    /// <summary>
    /// A failed run is revived only for another cycle than the one that knows of its failure, however often that asks.
    /// So the retry takes it from its cycle, with the cycle's own change of state: whenever the cycle's next asking
    /// arrives, it is revived once.
    /// </summary>
    private static async Task ReleaseRuns(BehaviorContext<Cycle> context)
    {
        var cycle = context.Saga;
        // Of several only the chosen one is asked for again once they were trained.
        var chosen = GoesOnIn(cycle) == CycleStates.Training ? null : cycle.Run;
        var failed = Db(context).Runs.Where(run => run.Cycle == cycle.Id && run.State == RunStates.Failed && (chosen == null || run.Id == chosen));
        foreach (var run in await failed.ToListAsync(context.CancellationToken))
            run.Cycle = "";
    }

    /// <summary>Candidates that failed are trained on; none of several is chosen any more.</summary>
    private static void ForgetFailures(BehaviorContext<Cycle> context)
    {
        var cycle = context.Saga;
        if (GoesOnIn(cycle) != CycleStates.Training)
            return;
        cycle.Candidates = [.. cycle.AllCandidates().Select(candidate => candidate.End == RunStates.Failed ? candidate with { End = null, Reason = null } : candidate)];
        if (cycle.Candidates.Count > 1)
            cycle.Run = null;
    }

    private static Task RefuseRetry(BehaviorContext<Cycle, RetryCycle> context)
    {
        var refusal = $"Cycle {context.Saga.Id} is not the newest of its line. Start a new one: `versemi cycles start`.";
        Db(context).Note(context.Saga, "refused", refusal, context.Message.Who);
        return context.AnswerAsync(new ActAnswer(refusal));
    }
}
