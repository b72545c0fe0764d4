using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.UnitTests.Domain.Promotion;

public class CandidateTrainingTests
{
    private static readonly CandidateTraining Training = new(
        new TrainingRecipe { Stage1Steps = 300, Stage2Steps = 100, Patch = [32, 48, 32] },
        [new("MRI", [1, 1, 2.5], IntensityRule.PercentileZScore, 0, 100), new("CT", [1, 1, 1], IntensityRule.Window, 0, 100)],
        [new("head/striatum", "striatum", "MRI", 0), new("head/gland", "gland", "MRI", 1), new("abdomen/liver", "liver", "CT", 2)],
        new Dictionary<string, int> { ["head/striatum"] = 8, ["head/gland"] = 5 },
        [new CollapseAlarm(360, new Collapse("head/striatum", CollapseKind.Empty, new PredictedShare(0, 0.006)))]);

    [Fact]
    public void A_rejection_names_the_alarms_and_for_the_failed_tasks_longer_training_other_spacing_and_more_labels()
    {
        var judgement = Training.Explain(new Judgement(Decision.Reject, "Rejected. head/striatum: below its floor.", [Verdict("head/striatum", TaskOutcome.Fail), Verdict("head/gland", TaskOutcome.Pass)]));

        var alarm = Assert.Single(judgement.Alarms);
        Assert.Contains("'head/striatum' on unlabelled images has collapsed to empty", alarm, StringComparison.Ordinal);
        Assert.EndsWith("(step 360)", alarm, StringComparison.Ordinal);
        Assert.Contains(judgement.Next, step => step.Contains("consistencyWeight", StringComparison.Ordinal));
        Assert.Contains("train longer: stage1Steps 600 and stage2Steps 200 in the recipe (now 300 and 100)", judgement.Next);
        var spacing = Assert.Single(judgement.Next, step => step.Contains("spacing", StringComparison.Ordinal));
        Assert.Contains("for MRI (now 1 × 1 × 2.5 mm)", spacing, StringComparison.Ordinal);
        Assert.Contains("a patch of 32 × 48 × 32 voxels", spacing, StringComparison.Ordinal);
        Assert.Contains("add labels: labelled training cases are 8 of 'head/striatum'", judgement.Next);
        Assert.All([judgement.Reason, alarm, .. judgement.Next], part => Assert.Contains(part, judgement.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rejection_without_a_failed_task_says_that_nothing_is_lost_and_names_the_labels_of_all()
    {
        var quiet = Training with { Alarms = [] };

        var judgement = quiet.Explain(new Judgement(Decision.Reject, "Rejected: no task is better beyond chance.", [Verdict("head/striatum", TaskOutcome.Pass)]));

        Assert.Empty(judgement.Alarms);
        Assert.Contains("the model in production stays", judgement.Next[0], StringComparison.Ordinal);
        Assert.DoesNotContain(judgement.Next, step => step.Contains("spacing", StringComparison.Ordinal) || step.Contains("consistencyWeight", StringComparison.Ordinal));
        Assert.Contains("8 of 'head/striatum', 5 of 'head/gland', 0 of 'abdomen/liver'", judgement.Next[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Decision.Promote)]
    [InlineData(Decision.NeedsApproval)]
    public void Only_a_rejection_is_followed_by_advice_and_every_decision_by_the_alarms(Decision decision)
    {
        var judgement = Training.Explain(new Judgement(decision, "Because.", []));

        Assert.Empty(judgement.Next);
        Assert.Single(judgement.Alarms);
    }

    private static TaskVerdict Verdict(string task, TaskOutcome outcome) => new(task, true, 12, 0.4, null, null, null, false, outcome, "");
}
