namespace VerSemi.Domain.Recipes;

public enum IntensityRule
{
    /// <summary>CT: clip to a fixed window of Hounsfield units, then subtract the mean and divide by the standard deviation of the training voxels in it.</summary>
    Window,

    /// <summary>MRI and the rest: clip to the image's own percentiles, then z-score of the image itself.</summary>
    PercentileZScore,

    /// <summary>The file's values as they are. Only for imported weights that were trained so.</summary>
    None,
}

public static class IntensityRules
{
    /// <summary>CT alone has a scale of its own, Hounsfield units, that means the same in every image.</summary>
    public static IntensityRule Of(string modality) =>
        modality.Equals("CT", StringComparison.OrdinalIgnoreCase) ? IntensityRule.Window : IntensityRule.PercentileZScore;
}

/// <summary>
/// How every image of one modality reaches the network. Decided once per (line, modality), stored in model.json: all
/// tasks of a volume come from one pass.
/// </summary>
/// <param name="Spacing">Millimetres along R, A, S: the grid that the network sees.</param>
/// <param name="Low">Window: lower bound in file units. Percentile: lower percentile, 0…100.</param>
/// <param name="High">Window: upper bound in file units. Percentile: upper percentile, 0…100.</param>
/// <param name="Mean">Window only: mean of the clipped training voxels.</param>
/// <param name="StandardDeviation">Window only.</param>
public sealed record ModalityPreprocessing(
    string Modality, IReadOnlyList<double> Spacing, IntensityRule Rule, double Low, double High, double Mean = 0, double StandardDeviation = 1);
