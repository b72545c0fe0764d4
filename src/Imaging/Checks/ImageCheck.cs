using System.Globalization;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Preprocessing;

namespace VerSemi.Imaging.Checks;

/// <summary>What the voxels of an image are asked before anything is learnt from it or said about it; the same at ingest and at segmentation.</summary>
/// <param name="Intensities">Null where no voxel is plausible.</param>
/// <param name="Lowest">Lowest voxel that is no padding.</param>
public sealed record ImageCheck(ImageIntensities? Intensities, float Lowest, IReadOnlyList<Finding> Findings)
{
    /// <summary>A masked image may be NaN outside of the mask; with less than this there is hardly an image.</summary>
    private const double SmallestShareOfNumbers = 0.1;

    /// <param name="voxels">Those that are no numbers are replaced: NaN and −∞ by the lowest number, +∞ by the highest.</param>
    /// <param name="hounsfield">The image is CT.</param>
    public static ImageCheck Of(float[] voxels, bool hounsfield)
    {
        var replaced = Intensity.ReplaceNonNumbers(voxels);
        if (replaced.Count == voxels.Length)
            return new ImageCheck(null, 0, [new Finding(Severity.Unusable, $"All of its {replaced.Count} voxels are NaN, infinite or beyond ±1e12.")]);
        var floor = Padding.Floor(voxels, hounsfield);
        var findings = new List<Finding?> { NonNumbers(replaced, voxels.Length), Constant(replaced), PaddingOf(voxels, floor) };
        return new ImageCheck(IntensitiesOf(voxels, hounsfield), float.IsNegativeInfinity(floor) ? replaced.Lowest : LowestFrom(floor, voxels), [.. findings.OfType<Finding>()]);
    }

    private static Finding? NonNumbers(ReplacedVoxels replaced, int all)
    {
        if (replaced.Count == 0)
            return null;
        var share = (double)replaced.Count / all;
        var byLowest = replaced.ByLowest == 0 ? null : $"{replaced.ByLowest} by its lowest value, {Text(replaced.Lowest)}";
        var byHighest = replaced.ByHighest == 0 ? null : $"{replaced.ByHighest} (too large or +infinite) by its highest, {Text(replaced.Highest)}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{replaced.Count} voxels of the image ({share:0.##%}) were NaN, infinite or beyond ±1e12; replaced: ")
            + string.Join(", ", new[] { byLowest, byHighest }.OfType<string>());
        return new Finding(share > 1 - SmallestShareOfNumbers ? Severity.Implausible : Severity.Note, $"{text}.");
    }

    private static string Text(float value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static Finding? Constant(ReplacedVoxels replaced) => replaced.Lowest < replaced.Highest ? null
        : new Finding(Severity.Implausible, string.Create(CultureInfo.InvariantCulture, $"Every voxel of the image has the value {replaced.Lowest:G6}."));

    private static Finding? PaddingOf(float[] voxels, float floor)
    {
        if (float.IsNegativeInfinity(floor))
            return null;
        var count = voxels.Count(voxel => voxel < floor);
        return new Finding(Severity.Note, string.Create(CultureInfo.InvariantCulture,
            $"{count} voxels of the image ({(double)count / voxels.Length:0.##%}) lie below every plausible value, the lowest at {voxels.Min():G6}: taken for padding, they count as air and are left out of intensity statistics."));
    }

    private static float LowestFrom(float floor, float[] voxels) => voxels.Where(voxel => voxel >= floor).Min();

    private static ImageIntensities? IntensitiesOf(float[] voxels, bool hounsfield)
    {
        var sample = IntensitySample.Of(voxels, hounsfield);
        if (sample.Length == 0)
            return null;
        var (low, high) = Percentiles.Of(sample, 0.5, 99.5);
        return new ImageIntensities(low, Percentiles.Of(sample, 50, 50).Low, high);
    }
}
