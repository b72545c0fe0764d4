using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Promotion;

namespace VerSemi.UnitTests.Domain.Promotion;

public class PromotionPolicyTests
{
    private static readonly PromotionPolicy Policy = new(Resamples: 2000);
    private static readonly double[] Base = [0.80, 0.82, 0.78, 0.85, 0.81, 0.79, 0.83, 0.84, 0.80, 0.77, 0.86, 0.82];

    [Fact]
    public void A_first_champion_needs_every_task_above_its_floor()
    {
        Assert.Equal(Decision.Promote, Policy.Judge(Report(("a", Base), ("b", Base)), null, Space("a", "b")).Decision);

        var judgement = Policy.Judge(Report(("a", Base), ("b", Moved(Base, -0.5))), null, Space("a", "b"));

        Assert.Equal(Decision.Reject, judgement.Decision);
        Assert.Equal([TaskOutcome.Pass, TaskOutcome.Fail], judgement.Tasks.Select(task => task.Outcome));
        Assert.All(judgement.Tasks, task => Assert.True(task.IsNew && task.Champion is null && task.LowerBound is null && task.PValue is null));
        Assert.Contains("b: below its floor", judgement.Reason, StringComparison.Ordinal);
        Assert.Contains("0.314 on 12 cases, floor 0.500", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Better_on_one_old_task_and_no_worse_on_the_other_is_promoted()
    {
        var judgement = Policy.Judge(Report(("a", Wobbled(Base, 0.03, 0.01)), ("b", Wobbled(Base, 0, 0.005))), Report(("a", Base), ("b", Base)), Space("a", "b"));

        Assert.Equal(Decision.Promote, judgement.Decision);
        Assert.Equal([true, false], judgement.Tasks.Select(task => task.Better));
        Assert.All(judgement.Tasks, task => Assert.Equal(TaskOutcome.Pass, task.Outcome));
        Assert.Contains("a: better (p 0.00", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_task_better_beyond_chance_and_none_new_is_rejected()
    {
        var judgement = Policy.Judge(Report(("a", Wobbled(Base, 0.001, 0.01))), Report(("a", Base)), Space("a"));

        Assert.Equal(Decision.Reject, judgement.Decision);
        Assert.Equal(TaskOutcome.Pass, judgement.Tasks[0].Outcome);
        Assert.Contains("no task is better beyond chance", judgement.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.008, Decision.Reject)]
    [InlineData(0.020, Decision.Promote)]
    public void A_gain_no_larger_than_another_seed_brings_is_none_however_sure(double gain, Decision expected) =>
        Assert.Equal(expected, Policy.Judge(Report(("a", Wobbled(Base, gain, 0.001))), Report(("a", Base)), Space("a")).Decision);

    [Fact]
    public void The_same_model_again_is_no_worse_and_no_better()
    {
        var judgement = Policy.Judge(Report(("a", Base)), Report(("a", Base)), Space("a"));

        Assert.Equal((Decision.Reject, TaskOutcome.Pass, 1.0), (judgement.Decision, judgement.Tasks[0].Outcome, judgement.Tasks[0].PValue));
        Assert.Equal(0, judgement.Tasks[0].LowerBound!.Value, 9);
    }

    [Fact]
    public void An_old_task_that_falls_by_the_margin_fails_whatever_else_got_better()
    {
        var judgement = Policy.Judge(Report(("a", Moved(Base, 0.1)), ("b", Moved(Base, -0.05))), Report(("a", Base), ("b", Base)), Space("a", "b"));

        Assert.Equal(Decision.Reject, judgement.Decision);
        Assert.Equal(TaskOutcome.Fail, judgement.Tasks[1].Outcome);
        Assert.Contains("b: worse by the margin or more", judgement.Reason, StringComparison.Ordinal);
        Assert.Contains("-0.050", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clear_loss_fails_even_on_too_few_cases() =>
        Assert.Equal(TaskOutcome.Fail, Policy.Judge(Report(("a", [0.5, 0.6])), Report(("a", [0.8, 0.8])), Space("a")).Tasks[0].Outcome);

    [Theory]
    [InlineData(false, Decision.NeedsApproval)]
    [InlineData(true, Decision.Promote)]
    public void An_old_task_too_uncertain_to_call_needs_a_person_or_by_option_its_mean(bool byMean, Decision expected)
    {
        var judgement = (Policy with { AcceptPointEstimateWhenUnderpowered = byMean }).Judge(
            Report(("a", Moved(Base, 0.05)), ("b", Wobbled(Base, -0.01, 0.15))), Report(("a", Base), ("b", Base)), Space("a", "b"));

        Assert.Equal(TaskOutcome.Underpowered, judgement.Tasks[1].Outcome);
        Assert.Contains("too uncertain", judgement.Tasks[1].Reason, StringComparison.Ordinal);
        Assert.Equal(expected, judgement.Decision);
    }

    [Theory]
    [InlineData(false, Decision.NeedsApproval)]
    [InlineData(true, Decision.Promote)]
    public void Fewer_cases_than_the_minimum_are_underpowered(bool byMean, Decision expected)
    {
        var judgement = (Policy with { AcceptPointEstimateWhenUnderpowered = byMean }).Judge(
            Report(("a", Moved(Base, 0.05)), ("b", [0.9, 0.9, 0.9])), Report(("a", Base), ("b", [0.8, 0.8, 0.8])), Space("a", "b"));

        Assert.Equal(TaskOutcome.Underpowered, judgement.Tasks[1].Outcome);
        Assert.Contains("fewer than 4 cases", judgement.Tasks[1].Reason, StringComparison.Ordinal);
        Assert.False(judgement.Tasks[1].Better);
        Assert.Equal(expected, judgement.Decision);
    }

    [Fact]
    public void One_case_has_no_lower_bound()
    {
        var verdict = Policy.Judge(Report(("a", [0.9])), Report(("a", [0.8])), Space("a")).Tasks[0];

        Assert.Equal((TaskOutcome.Underpowered, (double?)null), (verdict.Outcome, verdict.LowerBound));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_task_without_any_sealed_case_needs_a_person_whatever_the_option(bool byMean)
    {
        var judgement = (Policy with { AcceptPointEstimateWhenUnderpowered = byMean }).Judge(Report(("a", Base)), null, Space("a", "nowhere"));

        Assert.Equal((Decision.NeedsApproval, TaskOutcome.Underpowered, 0), (judgement.Decision, judgement.Tasks[1].Outcome, judgement.Tasks[1].Cases));
        Assert.Contains("nowhere: no sealed case carries it", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_task_above_its_floor_carries_a_candidate_that_is_no_better_on_the_old()
    {
        var judgement = Policy.Judge(Report(("old", Wobbled(Base, 0, 0.01)), ("new", Moved(Base, -0.2))), Report(("old", Base)), Space("old", "new"));

        Assert.Equal(Decision.Promote, judgement.Decision);
        Assert.Equal((true, (double?)null), (judgement.Tasks[1].IsNew, judgement.Tasks[1].Champion));
        Assert.Contains("new: new: mean Dice 0.614", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_task_below_its_floor_is_rejected() =>
        Assert.Equal(Decision.Reject, Policy.Judge(Report(("old", Moved(Base, 0.05)), ("new", Moved(Base, -0.4))), Report(("old", Base)), Space("old", "new")).Decision);

    [Fact]
    public void A_merged_task_is_not_asked_for() =>
        Assert.Equal(["a"], Policy.Judge(Report(("a", Base)), null, Space("a", "b").Merge("b", "a")).Tasks.Select(task => task.Task));

    [Fact]
    public void Reports_of_other_cases_do_not_compare()
    {
        var error = Assert.Throws<DomainException>(() => Policy.Judge(Report(("a", Base)), Report(("a", Base)) with { CasesHash = "fedcba9876543210" }, Space("a")));

        Assert.Contains("fedcba987654", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_lacks_a_case_names_it()
    {
        var error = Assert.Throws<DomainException>(() => Policy.Judge(Report(("a", Base[..^1])), Report(("a", Base)), Space("a")));

        Assert.Contains("candidate has no score of task 'a' on set/case11", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_task_is_compared_on_the_cases_whose_modality_the_champion_can_read()
    {
        var mri = Report(("liver", Wobbled(Base, 0.03, 0.01)));
        var judgement = JudgeWithCt(With(mri, "ct-set", ("liver", Moved(Base, -0.7))), Report(("liver", Base)));

        Assert.Equal(Policy.Judge(mri, Report(("liver", Base)), Space("liver")).Tasks[0].LowerBound, judgement.Tasks[0].LowerBound);
        Assert.Equal((Decision.Promote, false, 12), (judgement.Decision, judgement.Tasks[0].IsNew, judgement.Tasks[0].Cases));
        Assert.Contains("12 cases in a modality that the champion cannot read left out", judgement.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, Decision.Promote)]
    [InlineData(-0.4, Decision.Reject)]
    public void A_known_task_of_which_the_champion_can_read_no_case_is_judged_as_new(double by, Decision expected)
    {
        var judgement = JudgeWithCt(With(Report(), "ct-set", ("liver", Moved(Base, by))), Report());

        Assert.Equal((expected, true, 12), (judgement.Decision, judgement.Tasks[0].IsNew, judgement.Tasks[0].Cases));
        Assert.Contains("new to a champion that cannot read its cases' modality", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_the_champion_can_read_and_was_not_scored_on_is_still_named()
    {
        var candidate = With(Report(("liver", Base)), "ct-set", ("liver", Base));

        var error = Assert.Throws<DomainException>(() => JudgeWithCt(candidate, Report(("liver", Base[..^1]))));
        var unscored = Assert.Throws<DomainException>(() => JudgeWithCt(With(Report(), "ct-set", ("liver", Base)), Report(("liver", Base))));

        Assert.Contains("champion has no score of task 'liver' on set/case11", error.Message, StringComparison.Ordinal);
        Assert.Contains("candidate has no score of task 'liver' on set/case0", unscored.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused() =>
        Assert.Throws<DomainException>(() => Policy.Judge(Report(("a", [double.NaN])), null, Space("a")));

    [Fact]
    public void The_order_of_the_rows_decides_nothing_and_the_same_reports_give_the_same_judgement()
    {
        var (candidate, champion) = (Report(("a", Wobbled(Base, 0.004, 0.02))), Report(("a", Base)));
        var shuffled = candidate with { Scores = candidate.Scores.Reverse().ToList() };

        var (first, again) = (Policy.Judge(candidate, champion, Space("a")), Policy.Judge(shuffled, champion, Space("a")));

        Assert.Equal(first.Tasks, again.Tasks);
        Assert.Equal((first.Decision, first.Reason), (again.Decision, again.Reason));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    public void Two_models_of_equal_skill_are_promoted_at_most_one_time_in_twenty(int cases)
    {
        var (random, policy, trials, promoted) = (new Random(11), Policy with { Margin = 0.2, Resamples = 400 }, 400, 0);
        for (var trial = 0; trial < trials; trial++)
        {
            double[] Scores() => Enumerable.Range(0, cases).Select(_ => 0.8 + 0.1 * (random.NextDouble() + random.NextDouble() - 1)).ToArray();
            var judgement = policy.Judge(Report(("a", Scores()), ("b", Scores()), ("c", Scores())), Report(("a", Scores()), ("b", Scores()), ("c", Scores())), Space("a", "b", "c"));
            promoted += judgement.Decision == Decision.Promote ? 1 : 0;
        }

        // Three standard deviations of 5 % over 400 trials are 3.3 %.
        Assert.InRange(promoted / (double)trials, 0, 0.083);
    }

    [Fact]
    public void A_model_that_is_worse_by_the_margin_seldom_passes_as_no_worse()
    {
        var (random, passed, trials) = (new Random(5), 0, 400);
        var policy = Policy with { Resamples = 400 };
        for (var trial = 0; trial < trials; trial++)
        {
            var worse = Array.ConvertAll(Base, dice => dice - policy.Margin + 0.04 * (random.NextDouble() + random.NextDouble() - 1));
            passed += policy.Judge(Report(("a", worse)), Report(("a", Base)), Space("a")).Tasks[0].Outcome == TaskOutcome.Pass ? 1 : 0;
        }

        Assert.InRange(passed / (double)trials, 0, 0.083);
    }

    private static EvaluationReport Report(params (string Task, double[] Dice)[] tasks) => new(
        "candidate", "space", "0123456789abcdef", tasks.SelectMany(task => task.Dice.Select((dice, i) => new CaseScore("set", $"case{i}", task.Task, dice, dice / (2 - dice), 1, 1))).ToList());

    /// <summary>The same report with cases of another dataset.</summary>
    private static EvaluationReport With(EvaluationReport report, string dataset, (string, double[]) task) =>
        report with { Scores = [.. report.Scores, .. Report(task).Scores.Select(score => score with { Dataset = dataset })] };

    /// <summary>By a champion that knows the liver and reads everything but ct-set.</summary>
    private static Judgement JudgeWithCt(EvaluationReport candidate, EvaluationReport champion) =>
        Policy.Judge(candidate, champion with { Model = "champion" }, Space("liver"), Space("liver"), new HashSet<string> { "ct-set" });

    private static LabelSpace Space(params string[] tasks) => LabelSpace.Empty.Grow(tasks.Select(task => (task, task, "MRI")));

    private static double[] Moved(double[] dice, double by) => Array.ConvertAll(dice, d => d + by);

    /// <summary>Moved, and swaying from case to case by ± <paramref name="sway"/>, at a mean of 0.</summary>
    private static double[] Wobbled(double[] dice, double by, double sway) => dice.Select((d, i) => d + by + (i % 2 == 0 ? sway : -sway)).ToArray();
}
