using VerSemi.Domain.Recipes;

namespace VerSemi.Imaging.Preprocessing;

/// <summary>How many voxels were no number.</summary>
/// <param name="ByLowest">NaN, −∞ or far below any value: replaced by <paramref name="Lowest"/>.</param>
/// <param name="ByHighest">+∞ or far above any value: replaced by <paramref name="Highest"/>.</param>
/// <param name="Lowest">Of the numbers.</param>
public readonly record struct ReplacedVoxels(int ByLowest, int ByHighest, float Lowest, float Highest)
{
    public int Count => ByLowest + ByHighest;
}

/// <summary>From a file's values to those that the network sees; in place.</summary>
public static class Intensity
{
    /// <summary>No scanner's values are as large; some programs write such numbers where they mean "no value".</summary>
    public const float Largest = 1e12f;

    public static bool IsNumber(float voxel) => Math.Abs(voxel) <= Largest;

    /// <summary>
    /// NaN and numbers below −<see cref="Largest"/> become the lowest value of the rest, those above the highest. An image
    /// without another voxel becomes 0.
    /// </summary>
    public static ReplacedVoxels ReplaceNonNumbers(Span<float> voxels)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        var (numbers, above) = (0, 0);
        foreach (var voxel in voxels)
            if (IsNumber(voxel))
                (low, high, numbers) = (Math.Min(low, voxel), Math.Max(high, voxel), numbers + 1);
            else if (voxel > Largest)
                above++;
        if (numbers == 0)
            (low, high) = (0, 0);
        if (numbers < voxels.Length)
            foreach (ref var voxel in voxels)
                if (!IsNumber(voxel))
                    voxel = voxel > Largest ? high : low;
        return new ReplacedVoxels(voxels.Length - numbers - above, above, low, high);
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
