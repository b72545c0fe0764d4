namespace VerSemi.Domain.Segmentations;

/// <summary>A row of a label table.</summary>
/// <param name="Value">The task's value in the combined label map; 0 is background.</param>
/// <param name="Voxels">Of the task's own mask; masks of two tasks may overlap, the map's values do not.</param>
public sealed record SegmentationLabel(int Value, string Task, string Name, long Voxels, double Millilitres);

/// <summary>What a label map's values mean, beside it. JSON.</summary>
/// <param name="Model">line/version.</param>
/// <param name="Notice"><see cref="ForResearch"/>, in every output.</param>
public sealed record LabelTable(string Model, string Notice, IReadOnlyList<SegmentationLabel> Labels)
{
    public const string ForResearch = "For research use, not a medical device";
}
