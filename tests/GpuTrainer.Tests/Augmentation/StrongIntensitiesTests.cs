using VerSemi.GpuTrainer.Augmentation;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Tests.Augmentation;

public sealed class StrongIntensitiesTests
{
    private static readonly Size3 Patch = new(24, 20, 16);

    [Fact]
    public void A_blurred_voxel_is_a_gaussian_of_the_same_sum()
    {
        var image = new float[Patch.Count];
        image[At(12, 10, 8)] = 1;
        GaussianBlur.Apply(image, Patch, 1);
        Assert.Equal(1, image.Sum(), 1e-4);
        Assert.Equal(Math.Exp(-0.5), image[At(13, 10, 8)] / image[At(12, 10, 8)], 1e-4);
        Assert.Equal(Math.Exp(-2), image[At(12, 12, 8)] / image[At(12, 10, 8)], 1e-4);
        Assert.Equal(Math.Exp(-4.5), image[At(12, 10, 5)] / image[At(12, 10, 8)], 1e-4);
    }

    [Fact]
    public void Blur_leaves_an_even_image_as_it_is_up_to_its_border()
    {
        var image = Enumerable.Repeat(3f, (int)Patch.Count).ToArray();
        GaussianBlur.Apply(image, Patch, 1.5);
        Assert.All(image, voxel => Assert.Equal(3f, voxel, 1e-4f));
    }

    [Fact]
    public void Structures_stay_in_their_place_under_every_change()
    {
        float[] before = [.. Enumerable.Range(0, (int)Patch.Count).Select(i => i % Patch.X < Patch.X / 2 ? -1f : 1f)];
        for (var seed = 1; seed <= 10; seed++)
        {
            var (after, random) = ((float[])before.Clone(), CounterRandom.At(seed));
            StrongIntensities.Apply(after, Patch, 1, ref random);
            Assert.NotEqual(before, after);
            var halves = after.Select((voxel, i) => (voxel, Bright: i % Patch.X >= Patch.X / 2)).GroupBy(pair => pair.Bright).ToDictionary(half => half.Key, half => half.Average(pair => pair.voxel));
            Assert.True(halves[true] > halves[false] + 0.5);
        }
    }

    [Fact]
    public void With_probability_0_nothing_changes()
    {
        var (image, random) = (new float[Patch.Count], CounterRandom.At(1));
        StrongIntensities.Apply(image, Patch, 0, ref random);
        Assert.All(image, voxel => Assert.Equal(0, voxel));
    }

    private static int At(int x, int y, int z) => x + Patch.X * (y + Patch.Y * z);
}
