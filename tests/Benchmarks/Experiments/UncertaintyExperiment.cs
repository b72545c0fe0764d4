using VerSemi.Domain.Evaluation;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 6: are probabilities what they claim on held-out cases, before and after calibration, and does the confidence in a mask rank it as its true Dice does?</summary>
internal sealed class UncertaintyExperiment : Experiment
{
    public override string Name => "uncertainty";
    public override string Title => "Uncertainty";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) => Cross([Pools.ValidatedPhantoms], [Methods.VerSemi], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results)
    {
        yield return "";
        yield return "| seed | task | Dice | temperatures inside / outside | ECE before | ECE after | after / before | Spearman of confidence and Dice | pairs |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        foreach (var result in results)
        {
            foreach (var task in result.Report.Calibration)
                yield return Row(result, task.Task[(task.Task.IndexOf('/') + 1)..], $"{task.Temperatures}", [task], [.. result.Report.Scores.Where(score => score.Task == task.Task)]);
            yield return Row(result, "**all**", "", result.Report.Calibration, result.Report.Scores);
        }
    }

    /// <summary>Means over tasks; the correlation over all pairs of case and task.</summary>
    private static string Row(ArmResult result, string task, string temperatures, IReadOnlyList<TaskCalibration> calibration, IReadOnlyList<CaseScore> scores)
    {
        var (before, after) = (calibration.Average(one => one.EceBefore), calibration.Average(one => one.EceAfter));
        var rank = Spearman.Of([.. scores.Select(score => score.Confidence!.Value)], [.. scores.Select(score => score.Dice)]);
        return $"| {result.Seed} | {task} | {scores.Average(score => score.Dice):0.000} | {temperatures} | {before:0.0000} | {after:0.0000} | {after / before:0.00} | {rank:0.00} | {scores.Count} |";
    }
}
