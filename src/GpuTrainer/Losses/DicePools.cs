using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>Which answers one Dice sums over.</summary>
internal static class DicePools
{
    /// <param name="prompts">One for each answer.</param>
    /// <returns>A pool's number, from 0, for each answer; null: one pool of all.</returns>
    public static IReadOnlyList<int>? Of(DiceOver over, IReadOnlyList<Prompt> prompts)
    {
        var distinct = prompts.Distinct().ToList();
        return over switch
        {
            DiceOver.Batch => null,
            DiceOver.Prompt => distinct.Count == 1 ? null : [.. prompts.Select(prompt => distinct.IndexOf(prompt))],
            DiceOver.Sample => [.. Enumerable.Range(0, prompts.Count)],
            _ => throw new ArgumentOutOfRangeException(nameof(over), over, "Unknown sums of a Dice."),
        };
    }
}
