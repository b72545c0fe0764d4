using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Metrics;

/// <summary>Dice, Jaccard, HD95 and ASD of two masks on one grid, distances in millimetres.</summary>
/// <param name="Hd95">95th percentile (linear interpolation) of both directed surface-distance sets together. Null where
/// one of the masks is empty and the other is not: undefined, never 0.</param>
/// <param name="Asd">Mean of the directed surface distances prediction → truth. Null as <paramref name="Hd95"/>.</param>
public sealed record MaskMetrics(double Dice, double Jaccard, double? Hd95, double? Asd);

/// <summary>
/// Dice = 2|A∩B|/(|A|+|B|), Jaccard = |A∩B|/|A∪B|. A surface is a mask without its one-step erosion by the
/// 6-neighbourhood, voxels outside the array counting as background. Both masks empty: Dice and Jaccard 1, distances 0.
/// </summary>
public static class SegmentationMetrics
{
    /// <param name="prediction">0 is outside, anything else inside; same order as <see cref="Volume{T}.Voxels"/>.</param>
    /// <param name="truth">As <paramref name="prediction"/>.</param>
    /// <param name="spacing">Millimetres between voxel centres along x, y, z of the array.</param>
    public static MaskMetrics Compare(byte[] prediction, byte[] truth, Size3 size, (double X, double Y, double Z) spacing)
    {
        if (prediction.Length != size.Count || truth.Length != size.Count)
            throw new ArgumentException($"Masks of {prediction.Length} and {truth.Length} voxels do not both fill a grid of {size}.");
        if (!(spacing.X > 0 && spacing.Y > 0 && spacing.Z > 0 && double.IsFinite(spacing.X + spacing.Y + spacing.Z)))
            throw new ArgumentException($"A spacing of {spacing} mm is not above 0 along every axis.", nameof(spacing));
        if (MaskBox.Around(prediction, truth, size) is not { } box)
            return new MaskMetrics(1, 1, 0, 0);

        var (p, t) = (box.Crop(prediction, size), box.Crop(truth, size));
        var (inPrediction, inTruth, inBoth) = Count(p, t);
        var dice = 2.0 * inBoth / (inPrediction + inTruth);
        var jaccard = inBoth / (double)(inPrediction + inTruth - inBoth);
        if (inPrediction == 0 || inTruth == 0)
            return new MaskMetrics(dice, jaccard, null, null);

        var (surfaceP, surfaceT) = (MaskSurface.Of(p, box.Size), MaskSurface.Of(t, box.Size));
        var toTruth = Distances(surfaceP, surfaceT, box.Size, spacing);
        var toPrediction = Distances(surfaceT, surfaceP, box.Size, spacing);
        var asd = toTruth.Sum(distance => (double)distance) / toTruth.Length;
        return new MaskMetrics(dice, jaccard, Percentile.Of([.. toTruth, .. toPrediction], 95), asd);
    }

    private static (long A, long B, long Both) Count(byte[] a, byte[] b)
    {
        var (inA, inB, both) = (0L, 0L, 0L);
        for (var i = 0; i < a.Length; i++)
        {
            inA += a[i];
            inB += b[i];
            both += a[i] & b[i];
        }
        return (inA, inB, both);
    }

    /// <summary>The distance from each voxel of one surface to the nearest voxel of the other.</summary>
    private static float[] Distances(byte[] from, byte[] to, Size3 size, (double X, double Y, double Z) spacing)
    {
        var squared = DistanceTransform.Squared(to, size, spacing);
        var (distances, next) = (new float[from.Count((byte)1)], 0);
        for (var i = 0; i < from.Length; i++)
            if (from[i] != 0)
                distances[next++] = MathF.Sqrt(squared[i]);
        return distances;
    }
}
