using VerSemi.Domain;
using VerSemi.Domain.Evaluation;

namespace VerSemi.UnitTests.Domain.Evaluation;

public class ForgettingMatrixTests
{
    [Fact]
    public void Forgetting_is_the_best_earlier_dice_less_the_dice_of_now_and_backward_transfer_starts_where_the_task_was_learnt()
    {
        var matrix = ForgettingMatrix.Of([
            Report("main/1", ("liver", [0.80, 0.84])),
            Report("main/2", ("liver", [0.88, 0.90]), ("spleen", [0.60])),
            Report("candidate", ("liver", [0.84, 0.86]), ("spleen", [0.70]), ("kidney", [0.5]))]);

        Assert.Equal(["main/1", "main/2", "candidate"], matrix.Models);
        Assert.Equal(["liver", "spleen", "kidney"], matrix.Tasks.Select(task => task.Task));
        var (liver, spleen, kidney) = (matrix.Tasks[0], matrix.Tasks[1], matrix.Tasks[2]);
        Assert.Equal([0.82, 0.89, 0.85], liver.Cells.Select(cell => Math.Round(cell!.Dice, 12)));
        Assert.Equal((0.04, 0.03), (liver.Forgetting!.Value, liver.BackwardTransfer!.Value), Close);
        Assert.Equal((-0.10, 0.10), (spleen.Forgetting!.Value, spleen.BackwardTransfer!.Value), Close);
        Assert.Null(spleen.Cells[0]);
        Assert.Equal((null, null), (kidney.Forgetting, kidney.BackwardTransfer));
        Assert.Equal((-0.03, 0.065), (matrix.Forgetting!.Value, matrix.BackwardTransfer!.Value), Close);
    }

    [Fact]
    public void Generations_compare_on_the_cases_that_both_were_scored_on()
    {
        var matrix = ForgettingMatrix.Of([Report("main/1", ("liver", [0.9, 0.5])), Report("main/2", ("liver", [0.8, 0.5, 0.1, 0.1]))]);

        var liver = Assert.Single(matrix.Tasks);
        Assert.Equal((2, 2), (liver.Cells[0]!.Cases, liver.Cells[0]!.Common));
        Assert.Equal(0.05, liver.Forgetting!.Value, 1e-12); // the mean over all cases fell by 0.325: two of them are new
        Assert.Equal((4, 4, 0.0), (liver.Cells[1]!.Cases, liver.Cells[1]!.Common, liver.Cells[1]!.Change));
    }

    [Fact]
    public void A_generation_without_a_common_case_is_shown_and_not_compared()
    {
        var elsewhere = Report("main/1", ("liver", [0.9])) with { Scores = [new CaseScore("elsewhere", "case0", "liver", 0.9, 0.8, null, null)] };
        var matrix = ForgettingMatrix.Of([elsewhere, Report("main/2", ("liver", [0.5]))]);

        var liver = Assert.Single(matrix.Tasks);
        Assert.Equal((0.9, 0, null), (liver.Cells[0]!.Dice, liver.Cells[0]!.Common, liver.Cells[0]!.Change));
        Assert.Equal((null, null), (liver.Forgetting, liver.BackwardTransfer));
        Assert.Equal((null, null), (matrix.Forgetting, matrix.BackwardTransfer));
    }

    [Fact]
    public void Backward_transfer_does_not_start_at_a_later_generation_where_the_first_does_not_compare()
    {
        var elsewhere = new EvaluationReport("main/1", "space", "0123456789abcdef", [new CaseScore("elsewhere", "case0", "liver", 0.9, 0.8, null, null)]);
        var liver = ForgettingMatrix.Of([elsewhere, Report("main/2", ("liver", [0.8])), Report("main/3", ("liver", [0.7]))]).Tasks[0];

        Assert.Null(liver.BackwardTransfer);
        Assert.Equal(0.1, liver.Forgetting!.Value, 1e-12);
    }

    [Fact]
    public void A_task_that_the_newest_model_was_not_scored_on_has_its_history_and_no_forgetting()
    {
        var liver = ForgettingMatrix.Of([Report("main/1", ("liver", [0.8])), Report("main/2", ("spleen", [0.8]))]).Tasks[0];

        Assert.Equal((0.8, null, null), (liver.Cells[0]!.Dice, liver.Cells[1], liver.Forgetting));
    }

    [Fact]
    public void The_first_model_has_nothing_to_forget()
    {
        var matrix = ForgettingMatrix.Of([Report("main/1", ("liver", [0.8]))]);

        Assert.Equal((null, null), (matrix.Forgetting, matrix.BackwardTransfer));
    }

    [Fact]
    public void What_has_no_meaning_is_refused()
    {
        var twice = Report("main/1", ("liver", [0.8]));

        Assert.Contains("main/1", Assert.Throws<DomainException>(() => ForgettingMatrix.Of([twice with { Scores = [.. twice.Scores, .. twice.Scores] }])).Message, StringComparison.Ordinal);
        Assert.Throws<DomainException>(() => ForgettingMatrix.Of([]));
    }

    private static EvaluationReport Report(string model, params (string Task, double[] Dice)[] tasks) => new(
        model, "space", "0123456789abcdef", [.. tasks.SelectMany(task => task.Dice.Select((dice, i) => new CaseScore("set", $"case{i}", task.Task, dice, dice, null, null)))]);

    private static bool Close((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9;
}
