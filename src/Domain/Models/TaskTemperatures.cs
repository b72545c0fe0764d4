namespace VerSemi.Domain.Models;

/// <summary>
/// What a task's logits are divided by before its probabilities leave the system. Foreground and background have one each: training
/// makes a network surer of one than of the other, and one temperature for both left twice the error.
/// </summary>
/// <param name="Inside">Of logits above 0, where the task's mask is; above 1 makes probabilities more modest.</param>
/// <param name="Outside">Of logits up to 0.</param>
public sealed record TaskTemperatures(double Inside, double Outside)
{
    /// <summary>Not calibrated: every bit stays as it is.</summary>
    public static TaskTemperatures None { get; } = new(1, 1);

    public override string ToString() => FormattableString.Invariant($"{Inside:0.00} / {Outside:0.00}");
}
