using VerSemi.Domain.Evaluation;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>What is kept of an arm: its scores on sealed cases, and enough to know whether it is still the same arm.</summary>
/// <param name="Run">Hash of data, recipe and seed: another one means that the arm has changed, and it is trained again.</param>
/// <param name="Seconds">Of training, with as many trainings side by side as the machine was given.</param>
public sealed record ArmResult(string Run, string Data, string Method, int Seed, double Seconds, double WaitingForDataShare, EvaluationReport Report)
{
    /// <summary>Mean over tasks of the mean Dice over cases.</summary>
    public double MeanDice => Report.Tasks.Average(Report.MeanDice);
}
