using MassTransit;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Workflow;

// The candidates of a cycle: trained side by side, the best on validation goes on.
public sealed partial class CycleMachine
{
    private EventActivities<Cycle> AfterAll<T>(Event<T> news) where T : class, IRunNews => When(news).Then(KeepEnd)
        .If(AllHaveEnded, all => all.Then(Choose)
            .IfElse(NoneIsTrained,
                none => none.IfElse(AllAreCancelled, cycle => cycle.TransitionTo(Cancelled), cycle => cycle.TransitionTo(Failed)),
                best => best.IfElse(BestIsEvaluated, cycle => cycle.TransitionTo(Judging), cycle => cycle.TransitionTo(Evaluating))));

    private EventActivities<Cycle> OnceFree<T>(Event<T> news) where T : class, IRunNews =>
        When(news).Then(KeepEnd).If(AllAreFree, free => free.TransitionTo(Cancelled));

    private static bool IsOfItsRun<T>(BehaviorContext<Cycle, T> context) where T : class, IRunNews => context.Message.Run == context.Saga.Run;
    private static bool AllHaveEnded(BehaviorContext<Cycle> context) => context.Saga.AllCandidates().All(candidate => candidate.End is not null);
    private static bool AllAreFree(BehaviorContext<Cycle> context) => context.Saga.AllCandidates().All(IsFree);
    private static bool NoneIsTrained(BehaviorContext<Cycle> context) => !context.Saga.AllCandidates().Any(IsTrained);
    private static bool AllAreCancelled(BehaviorContext<Cycle> context) => context.Saga.AllCandidates().All(candidate => candidate.End == RunStates.Cancelled);
    private static bool BestIsEvaluated(BehaviorContext<Cycle> context) =>
        context.Saga.AllCandidates().Any(candidate => candidate.Run == context.Saga.Run && candidate.End == RunStates.Evaluated);

    private static bool IsTrained(Candidate candidate) => candidate.End is RunStates.Trained or RunStates.Evaluated;

    /// <summary>No worker has it, nor will.</summary>
    internal static bool IsFree(Candidate candidate) => candidate.End is { } end && RunStates.IsFinal(end);

    private static void KeepEnd<T>(BehaviorContext<Cycle, T> context) where T : class, IRunNews
    {
        var (end, dice, reason) = context.Message switch
        {
            RunTrained trained => (RunStates.Trained, trained.Dice, null),
            RunEvaluated evaluated => (RunStates.Evaluated, evaluated.Dice, null),
            RunFailed failed => (RunStates.Failed, null, failed.Reason),
            _ => (RunStates.Cancelled, (double?)null, (string?)$"Run {context.Message.Run} was cancelled."),
        };
        context.Saga.Candidates = [.. context.Saga.AllCandidates().Select(candidate =>
            candidate.Run == context.Message.Run ? candidate with { End = end, Dice = dice ?? candidate.Dice, Reason = reason } : candidate)];
    }

    /// <summary>Model selection sees validation only. Where nothing was validated, or two are equal, the first is taken.</summary>
    private static void Choose(BehaviorContext<Cycle> context)
    {
        var (cycle, all) = (context.Saga, context.Saga.AllCandidates());
        var best = all.Where(IsTrained).OrderByDescending(candidate => candidate.Dice ?? -1).FirstOrDefault();
        (cycle.Run, cycle.Reason) = (best?.Run ?? all[0].Run, best is null ? string.Join(" ", all.Select(candidate => candidate.Reason).Distinct()) : null);
        if (best is null)
            return;
        // The rest of the workflow speaks of the cycle's recipe and seed.
        (cycle.Recipe, cycle.Seed) = (best.Recipe, best.Seed);
        if (all.Count > 1)
            Db(context).Note(cycle, "chosen", $"{best.Run} ({Describe(best)}) of {string.Join("; ", all.Select(candidate => $"{candidate.Run}: {Describe(candidate)}"))}");
    }

    private static string Describe(Candidate candidate) =>
        $"{candidate.Recipe.Name}, seed {candidate.Seed}, {(candidate.Dice is { } dice ? FormattableString.Invariant($"validation Dice {dice:0.000}") : candidate.Reason ?? "not validated")}";
}
