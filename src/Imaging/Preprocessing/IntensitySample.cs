namespace VerSemi.Imaging.Preprocessing;

/// <summary>Values of an image for its statistics: evenly spread, without padding and what is no number.</summary>
internal static class IntensitySample
{
    /// <summary>As many from every image, so that a large one does not outweigh the others.</summary>
    private const int PerImage = 100_000;

    /// <summary>Steps of the golden ratio spread evenly and in step with no row or slice length.</summary>
    private const double GoldenRatio = 0.618033988749894848;

    /// <summary>Empty where the image has no plausible value, or they are so few that the sample has none.</summary>
    /// <param name="hounsfield">The image is CT.</param>
    public static float[] Of(ReadOnlySpan<float> voxels, bool hounsfield)
    {
        var floor = Padding.Floor(voxels, hounsfield);
        var sample = new List<float>(Math.Min(voxels.Length, PerImage));
        for (var i = 0; i < Math.Min(voxels.Length, PerImage); i++)
        {
            var value = voxels[voxels.Length <= PerImage ? i : (int)(i * GoldenRatio % 1 * voxels.Length)];
            if (Intensity.IsNumber(value) && value >= floor)
                sample.Add(value);
        }
        return [.. sample];
    }
}
