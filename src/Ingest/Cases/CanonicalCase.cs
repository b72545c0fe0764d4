using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Cases;

/// <summary>A case that passed every check, with its canonical files in the blob store.</summary>
/// <param name="Image">SHA-256 of the canonical image file.</param>
/// <param name="Label">SHA-256 of the canonical label file; null: unlabelled.</param>
/// <param name="Smallest">Smallest voxel of the image that is no padding.</param>
internal sealed record CanonicalCase(
    PlannedCase Planned, string Image, string? Label, IReadOnlyList<int> Size, IReadOnlyList<double> Spacing,
    ImageIntensities? Intensities, float Smallest, IReadOnlyList<string> Notes)
{
    /// <summary>See <see cref="CaseEntry.Scan"/>.</summary>
    public required string Scan { get; init; }

    /// <summary>Voxels by value of the label; null: unlabelled.</summary>
    public IReadOnlyDictionary<int, long>? Marked { get; init; }
}

/// <summary>One of the three.</summary>
/// <param name="Replaces">The id of a case of the dataset whose image the drop may not replace; nothing was stored.</param>
internal sealed record CaseOutcome(CanonicalCase? Accepted, CaseReport? Quarantined, string? Replaces = null);
