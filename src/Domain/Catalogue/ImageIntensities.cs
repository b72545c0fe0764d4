namespace VerSemi.Domain.Catalogue;

/// <summary>An image's intensities in short, without padding and voxels that are no numbers.</summary>
/// <param name="Low">0.5th percentile.</param>
/// <param name="High">99.5th percentile.</param>
public sealed record ImageIntensities(double Low, double Median, double High);
