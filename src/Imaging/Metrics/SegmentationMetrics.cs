using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Metrics;

/// <summary>algorithm: Dice, Jaccard, HD95 and ASD of two masks on one grid, distances in millimetres.</summary>
/// <param name="Hd95">Null where one of the masks is empty and the other is not.</param>
/// <param name="Asd">Null as <paramref name="Hd95"/>.</param>
public sealed record MaskMetrics(double Dice, double Jaccard, double? Hd95, double? Asd);

public static class SegmentationMetrics
{
    /// <param name="prediction">0 is outside, anything else inside; same order as <see cref="Volume{T}.Voxels"/>.</param>
    /// <param name="truth">As <paramref name="prediction"/>.</param>
    public static MaskMetrics Compare(byte[] prediction, byte[] truth, Size3 size, (double X, double Y, double Z) spacing) => throw new NotImplementedException();
}
