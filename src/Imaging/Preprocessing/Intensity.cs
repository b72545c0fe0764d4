using VerSemi.Domain.Recipes;

namespace VerSemi.Imaging.Preprocessing;

/// <summary>From a file's values to those that the network sees; in place.</summary>
internal static class Intensity
{
    /// <summary>NaN and −∞ become the lowest finite value, +∞ the highest; an image without a finite voxel becomes 0.</summary>
    public static void ReplaceNonFinite(Span<float> voxels)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        var finite = 0;
        foreach (var voxel in voxels)
            if (float.IsFinite(voxel))
                (low, high, finite) = (Math.Min(low, voxel), Math.Max(high, voxel), finite + 1);
        if (finite == voxels.Length)
            return;
        if (finite == 0)
            (low, high) = (0, 0);
        foreach (ref var voxel in voxels)
            if (!float.IsFinite(voxel))
                voxel = float.IsPositiveInfinity(voxel) ? high : low;
    }

    public static void Apply(Span<float> voxels, ModalityPreprocessing rule)
    {
        if (rule.Rule == IntensityRule.None)
            return;
        if (rule.Rule == IntensityRule.Window)
        {
            Clip(voxels, rule.Low, rule.High);
            Standardise(voxels, rule.Mean, rule.StandardDeviation);
            return;
        }
        var (low, high) = Percentiles.Of(voxels, rule.Low, rule.High);
        // Where nearly every voxel has one value (a small object in an empty field) clipping would wipe out the rest.
        if (low < high)
            Clip(voxels, low, high);
        var (mean, deviation) = MeanAndDeviation(voxels);
        Standardise(voxels, mean, deviation);
    }

    public static void Clip(Span<float> voxels, double low, double high)
    {
        var (least, most) = ((float)low, (float)high);
        foreach (ref var voxel in voxels)
            voxel = Math.Clamp(voxel, least, most);
    }

    /// <summary>Mean and (population) standard deviation, in double; exactly (c, 0) where every value is c.</summary>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<float> values)
    {
        double first = values[0], sum = 0, squares = 0;
        foreach (var value in values)
            sum += value - first;
        var mean = first + sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }

    /// <summary>A constant image (deviation 0) becomes 0.</summary>
    private static void Standardise(Span<float> voxels, double mean, double deviation)
    {
        var scale = deviation > 0 ? 1 / deviation : 1;
        foreach (ref var voxel in voxels)
            voxel = (float)((voxel - mean) * scale);
    }
}
