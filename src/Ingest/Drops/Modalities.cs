namespace VerSemi.Ingest.Drops;

/// <summary>How a drop says its modality, and what is taken where it says none.</summary>
internal static class Modalities
{
    /// <summary>No MRI or ultrasound image holds such values; air in CT is -1000.</summary>
    private const float OnlyHounsfield = -200;

    /// <summary>"mr" and "MRI" are one modality; other names stay as they are. Null where it says nothing.</summary>
    public static string? Normalise(string said) => said.Trim() switch
    {
        "" => null,
        var text when text.Equals("noNorm", StringComparison.OrdinalIgnoreCase) => null,
        var text when text.ToUpperInvariant() is "MR" or "MRI" => "MRI",
        var text when text.Equals("CT", StringComparison.OrdinalIgnoreCase) => "CT",
        var text => text,
    };

    /// <summary>From the smallest voxel of each image: CT where most reach below what only Hounsfield units reach.</summary>
    public static string Guess(IReadOnlyCollection<float> minima) =>
        minima.Count(minimum => minimum <= OnlyHounsfield) * 2 > minima.Count ? "CT" : "MRI";
}
