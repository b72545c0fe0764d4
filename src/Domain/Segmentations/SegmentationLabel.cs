namespace VerSemi.Domain.Segmentations;

/// <summary>A row of a label table.</summary>
/// <param name="Value">The task's value in the combined label map; 0 is background.</param>
/// <param name="Voxels">Of the task's own mask; masks of two tasks may overlap, the map's values do not.</param>
/// <param name="Confidence">How much of the mask is likely to be right, 0…1: what Dice is to be expected of it, by calibrated probabilities. Null from workers of earlier versions.</param>
public sealed record SegmentationLabel(int Value, string Task, string Name, long Voxels, double Millilitres, double? Confidence = null);

/// <summary>What a label map's values mean, beside it. JSON.</summary>
/// <param name="Model">line/version.</param>
/// <param name="Notice"><see cref="ForResearch"/>, in every output.</param>
public sealed record LabelTable(string Model, string Notice, IReadOnlyList<SegmentationLabel> Labels)
{
    public const string ForResearch = "For research use, not a medical device";
}
