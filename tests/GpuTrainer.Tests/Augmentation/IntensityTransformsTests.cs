using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Augmentation;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Tests.Augmentation;

public sealed class IntensityTransformsTests
{
    private static readonly Size3 Patch = new(24, 20, 16);
    private static readonly AugmentationRanges Never = new() { BiasFieldProbability = 0, GammaProbability = 0, NoiseProbability = 0 };

    [Fact]
    public void Gamma_keeps_the_order_of_the_voxels_and_their_mean_and_deviation()
    {
        var before = Ramp();
        var after = Apply(before, Never with { GammaProbability = 1 }, 1);
        Assert.NotEqual(before, after);
        Assert.Equal(before.Select((v, i) => (v, i)).OrderBy(p => p.v).Select(p => p.i), after.Select((v, i) => (v, i)).OrderBy(p => p.v).ThenBy(p => before[p.i]).Select(p => p.i));
        Assert.Equal(Moments(before).Mean, Moments(after).Mean, 1e-4);
        Assert.Equal(Moments(before).Deviation, Moments(after).Deviation, 1e-4);
    }

    [Fact]
    public void A_bias_field_scales_the_signal_smoothly()
    {
        float[] before = [.. Enumerable.Range(0, (int)Patch.Count).Select(i => i % 2 == 0 ? 0f : 1f)];
        var after = Apply(before, Never with { BiasFieldProbability = 1, BiasFieldStrength = 0.2 }, 2);
        // Every dark voxel is still equally dark; the signal of the bright ones follows the field, a little at each step.
        var dark = Assert.Single(after.Where((_, i) => i % 2 == 0).Distinct());
        var signal = after.Where((_, i) => i % 2 == 1).Select(v => v - dark).ToArray();
        Assert.InRange(signal.Max() / signal.Min(), 1.2, 20);
        Assert.All(signal.Chunk(Patch.X / 2), row => Assert.All(row.Zip(row.Skip(1)), pair => Assert.InRange(pair.First / pair.Second, 0.8, 1.25)));
        Assert.Equal(Moments(before).Mean, Moments(after).Mean, 1e-4);
    }

    [Fact]
    public void Noise_is_gaussian_within_its_largest_deviation()
    {
        var deviations = Enumerable.Range(0, 20).Select(seed => Apply(new float[Patch.Count], Never with { NoiseProbability = 1, NoiseDeviation = 0.3 }, seed)).Select(noise =>
        {
            var (mean, deviation) = Moments(noise);
            Assert.InRange(mean, -4 * deviation / Math.Sqrt(noise.Length), 4 * deviation / Math.Sqrt(noise.Length));
            Assert.InRange(noise.Count(v => Math.Abs(v - mean) < deviation) / (double)noise.Length, 0.66, 0.71); // 0.683
            return deviation;
        }).ToList();
        Assert.InRange(deviations.Max(), 0.2, 0.305);
        Assert.InRange(deviations.Min(), 0, 0.1);
    }

    [Fact]
    public void An_image_without_contrast_stays_one() =>
        Assert.All(Apply([.. Enumerable.Repeat(2f, (int)Patch.Count)], Never with { GammaProbability = 1, BiasFieldProbability = 1 }, 1), v => Assert.Equal(2f, v));

    private static float[] Apply(float[] before, AugmentationRanges ranges, int seed)
    {
        var (after, random) = ((float[])before.Clone(), CounterRandom.At(seed));
        IntensityTransforms.Apply(after, Patch, ranges, ref random);
        return after;
    }

    private static float[] Ramp() => [.. Enumerable.Range(0, (int)Patch.Count).Select(i => (float)(i * 7919 % Patch.Count / (double)Patch.Count * 4 - 2))];

    private static (double Mean, double Deviation) Moments(float[] values)
    {
        var mean = values.Average(v => (double)v);
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }
}
