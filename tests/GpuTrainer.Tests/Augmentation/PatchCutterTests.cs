using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Augmentation;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Tests.Augmentation;

public sealed class PatchCutterTests
{
    private static readonly Size3 Size = new(40, 44, 36);
    private static readonly (int X, int Y, int Z) Corner = (6, 5, 8), Centre = (18, 20, 17);
    private static readonly AugmentationRanges Never = new()
    {
        FlipProbability = 0,
        RotationProbability = 0,
        ScalingProbability = 0,
        BiasFieldProbability = 0,
        GammaProbability = 0,
        NoiseProbability = 0,
    };

    [Theory]
    [InlineData(AugmentationSet.None)]
    [InlineData(AugmentationSet.Standard)]
    public void Where_no_transform_happens_the_patch_is_the_volumes(AugmentationSet set)
    {
        var volume = Ball();
        var recipe = Recipe(Never) with { Augmentation = set };
        var (image, label) = Cut(volume, recipe, 1);
        Assert.Equal(Crop(volume.Image), image);
        Assert.Equal(Crop(volume.Label!), label);
    }

    [Fact]
    public void A_turn_of_nothing_gives_the_volumes_own_voxels()
    {
        var (image, label) = Cut(Ball(), Recipe(Never with { RotationProbability = 1, RotationDegrees = 0 }), 1);
        Assert.Equal(Crop(Ball().Image), image);
        Assert.Equal(Crop(Ball().Label!), label);
    }

    [Fact]
    public void A_flip_mirrors_the_patch_along_its_axis_alone()
    {
        var recipe = Recipe(Never with { FlipProbability = 1 }) with { FlipAxes = [BodyAxis.AnteriorPosterior] };
        var (image, _) = Cut(Ball(), recipe, 1);
        var plain = Crop(Ball().Image);
        for (var i = 0; i < image.Length; i++)
            Assert.Equal(plain[i % 24 + 24 * (23 - i / 24 % 24 + 24 * (i / 576))], image[i]);
    }

    [Fact]
    public void Image_and_label_move_together()
    {
        var ranges = Never with { FlipProbability = 0.5, RotationProbability = 1, ScalingProbability = 1 };
        var volume = Ball();
        var sizes = new List<double>();
        for (var seed = 0; seed < 20; seed++)
        {
            var (image, label) = Cut(volume, Recipe(ranges) with { FlipAxes = [BodyAxis.LeftRight, BodyAxis.InferiorSuperior] }, seed);
            var (bright, marked) = (image.Count(v => v > 50), label.Count(l => l == 1));
            var both = image.Zip(label).Count(pair => pair.First > 50 && pair.Second == 1);
            Assert.True(2.0 * both / (bright + marked) > 0.95, $"Dice {2.0 * both / (bright + marked)} of seed {seed}");
            sizes.Add(marked);
        }
        // 0.7³ … 1.4³ of the ball's own volume
        var own = Crop(volume.Label!).Count(l => l == 1);
        Assert.All(sizes, size => Assert.InRange(size / own, 0.3, 2.9));
        Assert.True(sizes.Max() > 1.3 * own && sizes.Min() < 0.8 * own);
    }

    [Fact]
    public void A_ball_in_millimetres_stays_one_where_voxels_are_no_cubes()
    {
        var volume = Ball((1, 1, 3)); // nearest: at most half a voxel off
        for (var seed = 0; seed < 10; seed++)
        {
            var (_, label) = Cut(volume, Recipe(Never with { RotationProbability = 1, RotationDegrees = 90 }), seed);
            var places = label.Select((l, i) => (l, i)).Where(v => v.l == 1).Select(v => (X: v.i % 24 - 12, Y: v.i / 24 % 24 - 15, Z: 3 * (v.i / 576 - 9))).ToList();
            Assert.All(places, p => Assert.InRange(Math.Sqrt(p.X * p.X + p.Y * p.Y + p.Z * p.Z), 0, 9 + 1.6));
            Assert.InRange(places.Count, 0.9 * Crop(volume.Label!).Count(l => l == 1), 1.1 * Crop(volume.Label!).Count(l => l == 1));
        }
    }

    [Fact]
    public void A_forced_centre_stays_in_the_patch()
    {
        var (voxels, at) = (new ushort[Size.Count], (X: 39, Y: 1, Z: 30));
        voxels[at.X + Size.X * (at.Y + Size.Y * at.Z)] = 1;
        var volume = new PreparedVolume(Ball().Image, new Volume<ushort>(Ball().Image.Grid, voxels));
        var corner = Patches.CornerAround(at, Size, new Size3(24, 24, 24));
        for (var seed = 0; seed < 30; seed++)
        {
            var label = new ushort[24 * 24 * 24];
            new PatchCutter(Recipe(new() { RotationProbability = 1, ScalingProbability = 1 }) with { FlipAxes = [BodyAxis.LeftRight] })
                .Cut(volume, corner, at, CounterRandom.At(seed), new float[label.Length], label);
            Assert.Contains((ushort)1, label);
        }
    }

    [Fact]
    public void No_corner_is_empty_where_the_volume_fills_the_patch()
    {
        var grid = new Grid(new Size3(24, 24, 24), Affine.Scaling(1, 1, 1));
        var full = new PreparedVolume(new Volume<float>(grid, [.. Enumerable.Repeat(7f, 24 * 24 * 24)]), null);
        for (var seed = 0; seed < 10; seed++)
        {
            var image = new float[24 * 24 * 24];
            new PatchCutter(Recipe(Never with { RotationProbability = 1, ScalingProbability = 1 })).Cut(full, (0, 0, 0), null, CounterRandom.At(seed), image, []);
            Assert.All(image, v => Assert.Equal(7, v, 1e-5f));
        }
    }

    [Fact]
    public void Beyond_a_volume_that_is_shorter_than_the_patch_there_is_nothing()
    {
        var grid = new Grid(new Size3(24, 24, 8), Affine.Scaling(1, 1, 1));
        var flat = new PreparedVolume(new Volume<float>(grid, [.. Enumerable.Repeat(7f, 24 * 24 * 8)]), new Volume<ushort>(grid, [.. Enumerable.Repeat((ushort)1, 24 * 24 * 8)]));
        var (image, label) = (new float[24 * 24 * 24], new ushort[24 * 24 * 24]);
        new PatchCutter(Recipe(Never with { RotationProbability = 1 })).Cut(flat, (0, 0, -8), null, CounterRandom.At(1), image, label);
        Assert.Equal((0f, (ushort)0), (image[0], label[0]));
        Assert.Equal(7, image[12 + 24 * (12 + 24 * 12)], 1e-5f);
        Assert.Equal(1, label[12 + 24 * (12 + 24 * 12)]);
        Assert.InRange(label.Sum(l => l), 0.9 * 24 * 24 * 8, 1.2 * 24 * 24 * 8);
    }

    [Fact]
    public void The_same_coordinates_give_the_same_bits_and_others_give_others()
    {
        var recipe = Recipe(new()
        {
            FlipProbability = 0.5,
            RotationProbability = 1,
            ScalingProbability = 1,
            BiasFieldProbability = 1,
            GammaProbability = 1,
            NoiseProbability = 1,
        });
        Assert.Equal(Cut(Ball(), recipe, 3).Image, Cut(Ball(), recipe, 3).Image);
        Assert.Equal(Cut(Ball(), recipe, 3).Label, Cut(Ball(), recipe, 3).Label);
        Assert.NotEqual(Cut(Ball(), recipe, 3).Image, Cut(Ball(), recipe, 4).Image);
    }

    [Fact]
    public void Transforms_happen_as_often_as_their_probability_says()
    {
        var ranges = new AugmentationRanges();
        var (turned, flipped, of) = (0, 0, 4000);
        for (var i = 0; i < of; i++)
        {
            var random = CounterRandom.At(i);
            var transform = SpatialTransform.Draw(ranges, [BodyAxis.LeftRight], (1, 1, 1), ref random);
            turned += transform.Turn is null ? 0 : 1;
            flipped += transform.Flipped.X ? 1 : 0;
            Assert.False(transform.Flipped.Y || transform.Flipped.Z);
        }
        Assert.InRange((double)turned / of, 0.33, 0.39); // 1 − 0.8²
        Assert.InRange((double)flipped / of, 0.47, 0.53);
    }

    private static TrainingRecipe Recipe(AugmentationRanges ranges) => new() { Patch = [24, 24, 24], Augmentation = AugmentationSet.Standard, AugmentationRanges = ranges };

    private static (float[] Image, ushort[] Label) Cut(PreparedVolume volume, TrainingRecipe recipe, int seed)
    {
        var (image, label) = (new float[24 * 24 * 24], new ushort[24 * 24 * 24]);
        new PatchCutter(recipe).Cut(volume, Corner, Centre, CounterRandom.At(seed), image, label);
        return (image, label);
    }

    private static T[] Crop<T>(Volume<T> volume) where T : unmanaged
    {
        var target = new T[24 * 24 * 24];
        Patches.Copy(volume, Corner, new Size3(24, 24, 24), target);
        return target;
    }

    /// <summary>A bright ball of 9 mm about <see cref="Centre"/>, smooth over one voxel at its surface; a faint slope elsewhere.</summary>
    private static PreparedVolume Ball((double X, double Y, double Z)? spacing = null)
    {
        var mm = spacing ?? (1, 1, 1);
        var grid = new Grid(Size, Affine.Scaling(mm.X, mm.Y, mm.Z));
        var (image, label) = (new float[Size.Count], new ushort[Size.Count]);
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = (mm.X * (i % Size.X - Centre.X), mm.Y * (i / Size.X % Size.Y - Centre.Y), mm.Z * (i / Size.X / Size.Y - Centre.Z));
            var depth = 9 - Math.Sqrt(x * x + y * y + z * z);
            label[i] = depth > 0 ? (ushort)1 : (ushort)0;
            image[i] = (float)(100 * Math.Clamp(depth + 0.5, 0, 1) + 0.1 * (i % Size.X) + 0.2 * (i / Size.X % Size.Y));
        }
        return new PreparedVolume(new Volume<float>(grid, image), new Volume<ushort>(grid, label));
    }
}
