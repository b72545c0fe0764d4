using System.Globalization;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Runs;

namespace VerSemi.Cli.Output;

/// <summary>A worker's progress in words.</summary>
internal static class Progress
{
    public static string Describe(RunProgress progress)
    {
        var parts = new List<string> { $"{progress.Phase} {progress.Done}/{progress.Total}" };
        if (progress.Loss is { } loss)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.000}"));
        if (progress.ValidationDice is { } dice)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"Dice {dice:0.000}"));
        if (progress.SecondsLeft is { } left)
            parts.Add($"{Out.Text(TimeSpan.FromSeconds(Math.Round(left)))} left");
        return string.Join(" · ", parts);
    }

    public static string Describe(TrainingResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{result.Steps} steps in {Out.Text(TimeSpan.FromSeconds(Math.Round(result.Seconds)))}, {100 * result.WaitingForDataShare:0.0} % of it waiting for data");
}
