namespace VerSemi.Ingest.Drops;

/// <summary>What is taken where a drop says no modality.</summary>
internal static class Modalities
{
    /// <summary>No MRI or ultrasound image holds such values; air in CT is -1000.</summary>
    private const float OnlyHounsfield = -200;

    /// <summary>From the smallest voxel of each image: CT where most reach below what only Hounsfield units reach.</summary>
    public static string Guess(IReadOnlyCollection<float> minima) =>
        minima.Count(minimum => minimum <= OnlyHounsfield) * 2 > minima.Count ? "CT" : "MRI";
}
