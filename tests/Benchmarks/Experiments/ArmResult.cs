using System.Globalization;
using VerSemi.Domain.Evaluation;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>What is kept of an arm: its scores on sealed cases, and enough to know whether it is still the same arm.</summary>
/// <param name="Run">Hash of data, recipe and seed: another one means that the arm has changed, and it is trained again.</param>
/// <param name="Seconds">Of training, with as many trainings side by side as the machine was given.</param>
/// <param name="Steps">Of both stages; 0 in results of older versions.</param>
public sealed record ArmResult(string Run, string Data, string Method, int Seed, double Seconds, double WaitingForDataShare, EvaluationReport Report, int Steps = 0)
{
    /// <summary>Mean over tasks of the mean Dice over cases.</summary>
    public double MeanDice => Report.Tasks.Average(Report.MeanDice);

    /// <summary>A row of results.tsv.</summary>
    public string Row() => string.Join('\t',
        (string[])[Data, Method, $"{Seed}", $"{Steps}", Seconds.ToString("0", CultureInfo.InvariantCulture), Number(MeanDice), .. Report.Tasks.Select(task => $"{task}={Number(Report.MeanDice(task))}"), Run]);

    private static string Number(double dice) => dice.ToString("0.0000", CultureInfo.InvariantCulture);
}
