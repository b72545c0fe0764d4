namespace VerSemi.Imaging.Preprocessing;

/// <summary>
/// The value that scanners and programs write where there is no image, outside of a round field of view: −2000, −3024,
/// −32768, …. It is no intensity: it stays out of every statistic, and the network sees air there.
/// </summary>
public static class Padding
{
    /// <summary>Air has −1000 Hounsfield units, −1024 is the lowest of 12 bits; below this noise does not reach.</summary>
    private const float LowestHounsfield = -1500;

    /// <summary>On other scales padding is told by standing alone: this far below the next value, in many voxels.</summary>
    private const float Gap = 400;
    private const double SmallestShare = 0.001;

    /// <summary>Air is what the lowest plausible values are; their very lowest may be a faulty voxel.</summary>
    private const double AirPercentile = 0.5;

    /// <summary>Voxels below this are padding; negative infinity where there is none.</summary>
    /// <param name="voxels">Those that are no numbers are passed over.</param>
    /// <param name="hounsfield">The image is CT.</param>
    public static float Floor(ReadOnlySpan<float> voxels, bool hounsfield)
    {
        var (lowest, next, count) = (float.PositiveInfinity, float.PositiveInfinity, 0);
        foreach (var voxel in voxels)
        {
            if (!Intensity.IsNumber(voxel) || voxel > next)
                continue;
            if (voxel < lowest)
                (lowest, next, count) = (voxel, lowest, 1);
            else if (voxel == lowest)
                count++;
            else
                next = voxel;
        }
        if (lowest >= LowestHounsfield || float.IsPositiveInfinity(next))
            return float.NegativeInfinity;
        if (hounsfield)
            return HasAbove(voxels, LowestHounsfield) ? LowestHounsfield : float.NegativeInfinity;
        return next - lowest >= Gap && count >= Math.Max(2, voxels.Length * SmallestShare) ? next : float.NegativeInfinity;
    }

    /// <summary>Puts air in the place of padding.</summary>
    /// <param name="voxels">Numbers all.</param>
    public static void Fill(Span<float> voxels, bool hounsfield)
    {
        var floor = Floor(voxels, hounsfield);
        if (float.IsNegativeInfinity(floor))
            return;
        var plausible = IntensitySample.Of(voxels, hounsfield);
        var air = (float)Percentiles.Of(plausible, AirPercentile, AirPercentile).Low;
        foreach (ref var voxel in voxels)
            if (voxel < floor)
                voxel = air;
    }

    private static bool HasAbove(ReadOnlySpan<float> voxels, float value)
    {
        foreach (var voxel in voxels)
            if (voxel >= value && Intensity.IsNumber(voxel))
                return true;
        return false;
    }
}
