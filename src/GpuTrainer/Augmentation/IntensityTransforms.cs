using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>
/// Bias field, gamma and noise on a patch's normalised intensities, in the order in which a scanner adds them. The first
/// two leave mean and standard deviation as they were, since normalisation would have brought them back.
/// </summary>
public static class IntensityTransforms
{
    private const int Degree = 3;

    /// <param name="image">(D, H, W)</param>
    public static void Apply(Span<float> image, Size3 patch, AugmentationRanges ranges, ref CounterRandom random)
    {
        if (random.Chance(ranges.BiasFieldProbability))
            BiasField(image, patch, ranges.BiasFieldStrength, ref random);
        if (random.Chance(ranges.GammaProbability))
            Gamma(image, random.AroundOne(ranges.GammaLow, ranges.GammaHigh));
        if (random.Chance(ranges.NoiseProbability))
            Noise(image, random.Between(0, ranges.NoiseDeviation), ref random);
    }

    /// <summary>The signal above the patch's darkest voxel times exp(polynomial): coils scale signal, and z-scores have no zero of their own.</summary>
    private static void BiasField(Span<float> image, Size3 patch, double strength, ref CounterRandom random)
    {
        var coefficients = Coefficients(strength, ref random);
        var (before, darkest, next) = (Moments(image), Range(image).Low, 0);
        for (var z = 0; z < patch.Z; z++)
            for (var y = 0; y < patch.Y; y++)
            {
                var row = Row(coefficients, Relative(y, patch.Y), Relative(z, patch.Z));
                for (var x = 0; x < patch.X; x++, next++)
                {
                    var at = Relative(x, patch.X);
                    image[next] = darkest + (image[next] - darkest) * MathF.Exp((float)(row.C0 + at * (row.C1 + at * (row.C2 + at * row.C3))));
                }
            }
        Restore(image, before);
    }

    /// <summary>Of x^i y^j z^k, 0 &lt; i+j+k ≤ 3, at [i + 4·(j + 4·k)]; the constant would only be a factor.</summary>
    private static double[] Coefficients(double strength, ref CounterRandom random)
    {
        var coefficients = new double[(Degree + 1) * (Degree + 1) * (Degree + 1)];
        for (var k = 0; k <= Degree; k++)
            for (var j = 0; j + k <= Degree; j++)
                for (var i = 0; i + j + k <= Degree; i++)
                    if (i + j + k > 0)
                        coefficients[i + 4 * (j + 4 * k)] = random.Between(-strength, strength);
        return coefficients;
    }

    /// <summary>The polynomial on one row: its coefficients in x.</summary>
    private static (double C0, double C1, double C2, double C3) Row(double[] coefficients, double y, double z)
    {
        Span<double> row = stackalloc double[4];
        for (var (k, zs) = (0, 1.0); k <= Degree; k++, zs *= z)
            for (var (j, ys) = (0, zs); j + k <= Degree; j++, ys *= y)
                for (var i = 0; i + j + k <= Degree; i++)
                    row[i] += coefficients[i + 4 * (j + 4 * k)] * ys;
        return (row[0], row[1], row[2], row[3]);
    }

    private static double Relative(int voxel, int side) => 2.0 * voxel / (side - 1) - 1;

    private static void Gamma(Span<float> image, double exponent)
    {
        var (low, high) = Range(image);
        if (high <= low)
            return;
        var before = Moments(image);
        foreach (ref var voxel in image)
            voxel = low + (high - low) * MathF.Pow((voxel - low) / (high - low), (float)exponent);
        Restore(image, before);
    }

    /// <summary>Box–Muller: two numbers at a time.</summary>
    private static void Noise(Span<float> image, double deviation, ref CounterRandom random)
    {
        for (var i = 0; i < image.Length; i += 2)
        {
            var radius = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())));
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * (float)random.NextDouble());
            image[i] += radius * cosine;
            if (i + 1 < image.Length)
                image[i + 1] += radius * sine;
        }
    }

    private static void Restore(Span<float> image, (double Mean, double Deviation) before)
    {
        var now = Moments(image);
        if (now.Deviation <= 0)
            return;
        var factor = before.Deviation / now.Deviation;
        foreach (ref var voxel in image)
            voxel = (float)(before.Mean + (voxel - now.Mean) * factor);
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> image)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var voxel in image)
        {
            sum += voxel;
            squares += (double)voxel * voxel;
        }
        var mean = sum / image.Length;
        return (mean, Math.Sqrt(Math.Max(0, squares / image.Length - mean * mean)));
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> image)
    {
        var (low, high) = (image[0], image[0]);
        foreach (var voxel in image)
            (low, high) = (Math.Min(low, voxel), Math.Max(high, voxel));
        return (low, high);
    }
}
