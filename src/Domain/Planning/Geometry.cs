using System.Globalization;

namespace VerSemi.Domain.Planning;

/// <summary>Sizes and spacings along R, A, S.</summary>
internal static class Geometry
{
    /// <summary>With linear interpolation between ranks.</summary>
    /// <param name="share">0…1; 0.5: the median.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var rank = share * (sorted.Length - 1);
        var (low, high) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        return low + (high - low) * (rank - Math.Floor(rank));
    }

    /// <summary>Voxels of every image at its modality's spacing.</summary>
    public static IReadOnlyList<double[]> Resampled(DataFingerprint data, IReadOnlyDictionary<string, IReadOnlyList<double>> spacing) =>
        [.. data.Modalities.SelectMany(m => m.Images.Select(image => PerAxis(axis => Math.Max(1, image.Size[axis] * image.Spacing[axis] / spacing[m.Modality][axis]))))];

    public static double[] Median(IReadOnlyList<double[]> sizes) => PerAxis(axis => Percentile(sizes.Select(size => size[axis]), 0.5));

    public static T[] PerAxis<T>(Func<int, T> of) => [of(0), of(1), of(2)];

    public static long Voxels(IReadOnlyList<int> size) => (long)size[0] * size[1] * size[2];

    public static string Text(IEnumerable<int> size) => string.Join('×', size);

    public static string Text(IEnumerable<double> lengths) => string.Join(" × ", lengths.Select(length => length.ToString("0.###", CultureInfo.InvariantCulture)));

    public static string Gibibytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.0} GiB");
}
