namespace VerSemi.Domain.Recipes;

/// <summary>What the sums of one Dice run over; a term is the mean of its Dices.</summary>
public enum DiceOver
{
    /// <summary>Everything in the batch: the reference. Targets count by their volume, so a small one beside large ones hardly counts.</summary>
    Batch,

    /// <summary>The samples of one prompt: each target counts alike, whatever its volume.</summary>
    Prompt,

    /// <summary>One answer to one prompt: each patch counts alike.</summary>
    Sample,
}
