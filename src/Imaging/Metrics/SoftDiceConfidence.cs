namespace VerSemi.Imaging.Metrics;

/// <summary>
/// How much of a mask is likely to be right: the Dice of the mask with its own probabilities, 2 Σpm / (Σp + Σm), which is close
/// to the Dice that is to be expected of it (Borges et al., "Soft Dice Confidence", arXiv 2402.10665).
/// </summary>
public static class SoftDiceConfidence
{
    /// <param name="probabilities">Of foreground, 0…1; the mask is where they are above one half.</param>
    /// <returns>0…1; 0 for an empty mask: whether a structure is missing or was missed, probabilities below one half do not tell.</returns>
    public static double Of(float[] probabilities)
    {
        var (inside, both, all) = (0L, 0.0, 0.0);
        foreach (var p in probabilities)
        {
            all += p;
            if (p <= 0.5f)
                continue;
            inside++;
            both += p;
        }
        return inside == 0 ? 0 : 2 * both / (all + inside);
    }
}
