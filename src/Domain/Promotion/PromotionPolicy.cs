using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;

namespace VerSemi.Domain.Promotion;

/// <summary>
/// What is declared before a judgement, and the judgement: a pure function of two reports on the same sealed cases.
/// Fractions of Dice (0…1).
/// </summary>
/// <remarks>
/// An old task fails where its mean falls by the margin or more, however few the cases; passes where the lower bound of
/// the paired difference lies above −margin on at least <paramref name="MinimumCases"/>; else it is underpowered. A new
/// task (all are new to a first champion, and so is one of which the champion can read no sealed case) fails below its
/// floor, is underpowered on too few cases, else passes. A task without any sealed case is underpowered, and no option
/// resolves that. A candidate is promoted where nothing failed, nothing is left underpowered, and it is better on an old
/// task or carries a new one.
/// </remarks>
/// <param name="Margin">An old task may be worse by less than this: its lower bound must lie above −margin.</param>
/// <param name="Floor">A new task's mean Dice must reach this.</param>
/// <param name="MinimumCases">Fewer sealed cases than this leave a task underpowered.</param>
/// <param name="AcceptPointEstimateWhenUnderpowered">True: an underpowered task passes where the mean itself is within the margin, or reaches the floor; false: a person decides.</param>
/// <param name="MinimumGain">An old task is better only where it is so by more than this, beyond chance. Cases tell how sure the difference of two
/// models is, not how much of it another seed would have brought as well (docs/decisions, "A minimum gain", with what was measured).</param>
/// <param name="Resamples">Of the paired bootstrap.</param>
/// <param name="Seed">Of the paired bootstrap: the same reports give the same judgement.</param>
public sealed record PromotionPolicy(
    double Margin = 0.03, double Floor = 0.5, int MinimumCases = 4, bool AcceptPointEstimateWhenUnderpowered = false, double MinimumGain = 0.01, int Resamples = 10_000, int Seed = 1)
{
    /// <summary>Chance of calling a candidate better on any task at all where it is better on none.</summary>
    public const double ErrorRate = 0.05;

    /// <param name="champion">The champion on the same cases; null before the first promotion.</param>
    /// <param name="space">The candidate's: every active task of it is judged.</param>
    /// <param name="championSpace">The champion's; null: it knows the tasks of its report.</param>
    /// <param name="unread">Datasets in a modality that the champion has no preprocessing for: it has no score there, so they are in no pair.</param>
    /// <exception cref="DomainException">The reports are not of the same cases.</exception>
    public Judgement Judge(
        EvaluationReport candidate, EvaluationReport? champion, LabelSpace space, LabelSpace? championSpace = null, IReadOnlySet<string>? unread = null)
    {
        var pairs = PairedScores.Of(candidate, champion, space, championSpace, unread ?? new HashSet<string>());
        var verdicts = WithBetter(pairs.Select(Verdict).ToList());
        var (decision, reason) = Decide(verdicts);
        return new Judgement(decision, reason, verdicts);
    }

    private TaskVerdict Verdict(PairedScores task)
    {
        var (n, mean) = (task.Candidate.Count, task.Candidate.DefaultIfEmpty(double.NaN).Average());
        if (n == 0)
            return new(task.Task, task.IsNew, 0, mean, null, null, null, false, TaskOutcome.Underpowered, "no sealed case carries it, so nothing is known of it");
        if (task.IsNew)
            return Verdict(task, mean, null, null, mean < Floor, false,
                $"new{(task.Unread > 0 ? " to a champion that cannot read its cases' modality" : "")}: mean Dice {mean:0.000} on {Cases(n)}, floor {Floor:0.000}");

        var comparison = PairedComparison.Of(task.Differences, MinimumGain, Resamples, Random(task.Task));
        var lost = comparison.Difference <= -Margin;
        var unsure = comparison.LowerBound is not { } bound || bound <= -Margin;
        return Verdict(task, mean, task.Champion.Average(), comparison, lost, unsure,
            $"mean Dice {mean:0.000} against {task.Champion.Average():0.000} on {Cases(n)}: {comparison.Difference:+0.000;-0.000;0.000}, "
            + $"lower bound {comparison.LowerBound?.ToString("+0.000;-0.000;0.000") ?? "unknown"}, margin {Margin:0.000}"
            + (task.Unread > 0 ? $"; {Cases(task.Unread)} in a modality that the champion cannot read left out" : ""));
    }

    private TaskVerdict Verdict(PairedScores task, double mean, double? champion, PairedComparison? comparison, bool failed, bool unsure, string numbers)
    {
        var few = task.Candidate.Count < MinimumCases;
        var outcome = failed ? TaskOutcome.Fail : few || unsure ? TaskOutcome.Underpowered : TaskOutcome.Pass;
        var why = outcome switch
        {
            TaskOutcome.Fail => task.IsNew ? "below its floor; " : "worse by the margin or more; ",
            TaskOutcome.Underpowered when few => $"fewer than {Cases(MinimumCases)}; ",
            TaskOutcome.Underpowered => "too uncertain to rule out a loss beyond the margin; ",
            _ => "",
        };
        return new(task.Task, task.IsNew, task.Candidate.Count, mean, champion, comparison?.LowerBound, comparison?.PValue, false, outcome, why + numbers);
    }

    /// <summary>Holm over the old tasks with enough cases: a family that is fixed before any score is seen.</summary>
    private List<TaskVerdict> WithBetter(List<TaskVerdict> verdicts)
    {
        var tested = verdicts.Where(v => v.PValue is not null && v.Cases >= MinimumCases).ToList();
        var better = tested.Zip(PairedComparison.Holm(tested.ConvertAll(v => v.PValue!.Value), ErrorRate)).Where(pair => pair.Second).Select(pair => pair.First).ToHashSet();
        return verdicts.ConvertAll(v => better.Contains(v) ? v with { Better = true, Reason = $"better (p {v.PValue:0.0000}); {v.Reason}" } : v);
    }

    private (Decision, string) Decide(List<TaskVerdict> verdicts)
    {
        if (verdicts.Count == 0)
            return (Decision.Reject, "The label space has no active task: nothing to judge.");
        var failed = verdicts.Where(v => v.Outcome == TaskOutcome.Fail).ToList();
        if (failed.Count > 0)
            return (Decision.Reject, $"Rejected. {List(failed)}");
        var unresolved = verdicts.Where(v => v.Outcome == TaskOutcome.Underpowered && !(AcceptPointEstimateWhenUnderpowered && v.Cases > 0)).ToList();
        if (unresolved.Count > 0)
            return (Decision.NeedsApproval, $"A person must decide. {List(unresolved)}");
        var gains = verdicts.Where(v => v.Better || v.IsNew).ToList();
        return gains.Count > 0
            ? (Decision.Promote, $"Promoted. {List(gains)}{Accepted(verdicts)}")
            : (Decision.Reject, $"Rejected: no task is better beyond chance, and none is new. {List(verdicts)}");
    }

    private static string Accepted(List<TaskVerdict> verdicts)
    {
        var accepted = verdicts.Where(v => v.Outcome == TaskOutcome.Underpowered).ToList();
        return accepted.Count == 0 ? "" : $" Accepted by the mean alone: {string.Join(", ", accepted.Select(v => v.Task))}.";
    }

    private static string List(IEnumerable<TaskVerdict> verdicts) => string.Join(" ", verdicts.Select(v => $"{v.Task}: {v.Reason}."));

    private static string Cases(int count) => count == 1 ? "1 case" : $"{count} cases";

    /// <summary>Of its own for each task, so that a new task does not change an old one's numbers.</summary>
    private Random Random(string task) => new(Seed ^ Convert.ToInt32(ContentHash.OfText(task)[..8], 16));
}
