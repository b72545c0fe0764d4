using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>A Gaussian along each axis in turn; beyond the border the border's voxels go on.</summary>
internal static class GaussianBlur
{
    /// <param name="image">(D, H, W)</param>
    /// <param name="deviation">In voxels, above 0; the kernel ends at three of them.</param>
    public static void Apply(Span<float> image, Size3 patch, double deviation)
    {
        var kernel = Kernel(deviation);
        Span<float> row = new float[Math.Max(patch.X, Math.Max(patch.Y, patch.Z))];
        for (var z = 0; z < patch.Z; z++)
            for (var y = 0; y < patch.Y; y++)
                Row(image, patch.X * (y + patch.Y * z), 1, row[..patch.X], kernel);
        for (var z = 0; z < patch.Z; z++)
            for (var x = 0; x < patch.X; x++)
                Row(image, x + patch.X * patch.Y * z, patch.X, row[..patch.Y], kernel);
        for (var y = 0; y < patch.Y; y++)
            for (var x = 0; x < patch.X; x++)
                Row(image, x + patch.X * y, patch.X * patch.Y, row[..patch.Z], kernel);
    }

    private static void Row(Span<float> image, int first, int stride, Span<float> row, float[] kernel)
    {
        var (radius, last) = (kernel.Length / 2, row.Length - 1);
        for (var i = 0; i <= last; i++)
            row[i] = image[first + i * stride];
        for (var i = 0; i <= last; i++)
        {
            var sum = 0f;
            for (var k = -radius; k <= radius; k++)
                sum += kernel[k + radius] * row[Math.Clamp(i + k, 0, last)];
            image[first + i * stride] = sum;
        }
    }

    private static float[] Kernel(double deviation)
    {
        var radius = (int)Math.Ceiling(3 * deviation);
        var weights = Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation))).ToArray();
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }
}
