namespace VerSemi.Domain.Promotion;

/// <summary>What is declared before a judgement. Fractions of Dice (0…1).</summary>
/// <param name="Margin">An old task may be worse by less than this: its lower bound must lie above −margin.</param>
/// <param name="Floor">A new task's mean Dice must reach this.</param>
/// <param name="MinimumCases">Fewer sealed cases than this leave a task underpowered.</param>
/// <param name="AcceptPointEstimateWhenUnderpowered">True: an underpowered old task passes where the mean itself is within the margin; false: a person decides.</param>
/// <param name="Resamples">Of the paired bootstrap.</param>
/// <param name="Seed">Of the paired bootstrap: the same reports give the same judgement.</param>
public sealed record PromotionPolicy(
    double Margin = 0.03, double Floor = 0.5, int MinimumCases = 4, bool AcceptPointEstimateWhenUnderpowered = false, int Resamples = 10_000, int Seed = 1);
