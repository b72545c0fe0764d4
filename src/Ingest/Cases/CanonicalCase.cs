using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Cases;

/// <summary>A case that passed every check, with its canonical files in the blob store.</summary>
/// <param name="Image">SHA-256 of the canonical image file.</param>
/// <param name="Label">SHA-256 of the canonical label file; null: unlabelled.</param>
/// <param name="Smallest">Smallest voxel of the image that is no padding.</param>
internal sealed record CanonicalCase(
    PlannedCase Planned, string Image, string? Label, IReadOnlyList<int> Size, IReadOnlyList<double> Spacing,
    ImageIntensities? Intensities, float Smallest, IReadOnlyList<string> Notes);

/// <summary>One of the two.</summary>
internal sealed record CaseOutcome(CanonicalCase? Accepted, CaseReport? Quarantined);
