using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;

namespace VerSemi.UnitTests.Imaging.Metrics;

public class SegmentationMetricsTests
{
    private static readonly (double X, double Y, double Z) Unit = (1, 1, 1);

    [Theory]
    [InlineData(9, 7, 6, 1.0, 1.0, 1.0, 0.4)]
    [InlineData(9, 7, 6, 0.7, 1.3, 3.1, 0.4)]
    [InlineData(20, 17, 3, 0.5, 0.5, 5.0, 0.02)]
    [InlineData(17, 18, 19, 2.5, 0.4, 0.9, 0.005)]
    [InlineData(1, 40, 1, 1.0, 0.8, 1.0, 0.3)]
    public void Every_figure_equals_brute_force_on_random_masks(int x, int y, int z, double sx, double sy, double sz, double share)
    {
        var size = new Size3(x, y, z);
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var (p, t) = (RandomMask(random, size, share), RandomMask(random, size, share));

            var expected = BruteForce.Compare(p, t, size, (sx, sy, sz));
            var actual = SegmentationMetrics.Compare(p, t, size, (sx, sy, sz));

            Assert.Equal(expected.Dice, actual.Dice, 12);
            Assert.Equal(expected.Jaccard, actual.Jaccard, 12);
            Assert.Equal(expected.Hd95!.Value, actual.Hd95!.Value, 1e-5);
            Assert.Equal(expected.Asd!.Value, actual.Asd!.Value, 1e-5);
        }
    }

    [Fact]
    public void Random_balls_of_unequal_place_equal_brute_force()
    {
        var size = new Size3(24, 22, 20);
        var (p, t) = (Ball(size, 8, 9, 10, 6), Ball(size, 14, 11, 9, 5));

        var (expected, actual) = (BruteForce.Compare(p, t, size, (1.2, 0.8, 2)), SegmentationMetrics.Compare(p, t, size, (1.2, 0.8, 2)));

        Assert.Equal(expected.Hd95!.Value, actual.Hd95!.Value, 1e-5);
        Assert.Equal(expected.Asd!.Value, actual.Asd!.Value, 1e-5);
    }

    [Fact]
    public void Two_single_voxels_are_as_far_apart_as_their_centres_in_millimetres()
    {
        var size = new Size3(4, 5, 6);
        var (p, t) = (new byte[size.Count], new byte[size.Count]);
        p[0] = 255;
        t[3 + 4 * (4 + 5 * 5)] = 7;

        var metrics = SegmentationMetrics.Compare(p, t, size, (1, 2, 3));

        var distance = Math.Sqrt(3 * 3 + 8 * 8 + 15 * 15);
        Assert.Equal((0.0, 0.0), (metrics.Dice, metrics.Jaccard));
        Assert.Equal(distance, metrics.Hd95!.Value, 1e-5);
        Assert.Equal(distance, metrics.Asd!.Value, 1e-5);
    }

    [Fact]
    public void Two_empty_masks_agree() =>
        Assert.Equal(new MaskMetrics(1, 1, 0, 0), SegmentationMetrics.Compare(new byte[8], new byte[8], new Size3(2, 2, 2), Unit));

    [Fact]
    public void One_empty_mask_leaves_the_distances_undefined()
    {
        byte[] some = [0, 1, 0, 0, 0, 0, 0, 0];

        Assert.Equal(new MaskMetrics(0, 0, null, null), SegmentationMetrics.Compare(some, new byte[8], new Size3(2, 2, 2), Unit));
        Assert.Equal(new MaskMetrics(0, 0, null, null), SegmentationMetrics.Compare(new byte[8], some, new Size3(2, 2, 2), Unit));
    }

    [Fact]
    public void A_mask_against_itself_is_perfect_also_where_it_fills_the_array()
    {
        var full = Enumerable.Repeat((byte)1, 60).ToArray();

        Assert.Equal(new MaskMetrics(1, 1, 0, 0), SegmentationMetrics.Compare(full, full, new Size3(3, 4, 5), Unit));
    }

    [Fact]
    public void The_voxels_at_the_border_of_the_array_are_surface()
    {
        // A full 5³ cube against its central voxel: every border voxel is surface, the inner 26 are not.
        var size = new Size3(5, 5, 5);
        var (full, centre) = (Enumerable.Repeat((byte)1, 125).ToArray(), new byte[125]);
        centre[62] = 1;

        var metrics = SegmentationMetrics.Compare(full, centre, size, Unit);

        var shell = from x in Enumerable.Range(-2, 5)
                    from y in Enumerable.Range(-2, 5)
                    from z in Enumerable.Range(-2, 5)
                    where Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) == 2
                    select Math.Sqrt(x * x + y * y + z * z);
        Assert.Equal(shell.Average(), metrics.Asd!.Value, 1e-5);
    }

    [Fact]
    public void Masks_that_do_not_fill_the_grid_and_spacings_of_zero_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SegmentationMetrics.Compare(new byte[7], new byte[8], new Size3(2, 2, 2), Unit));
        Assert.Throws<ArgumentException>(() => SegmentationMetrics.Compare(new byte[8], new byte[8], new Size3(2, 2, 2), (1, 0, 1)));
    }

    private static byte[] RandomMask(Random random, Size3 size, double share)
    {
        var mask = new byte[size.Count];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = random.NextDouble() < share ? (byte)1 : (byte)0;
        mask[random.Next(mask.Length)] = 1;
        return mask;
    }

    private static byte[] Ball(Size3 size, int cx, int cy, int cz, int radius)
    {
        var mask = new byte[size.Count];
        for (var (z, i) = (0, 0); z < size.Z; z++)
            for (var y = 0; y < size.Y; y++)
                for (var x = 0; x < size.X; x++, i++)
                    if ((x - cx) * (x - cx) + (y - cy) * (y - cy) + (z - cz) * (z - cz) <= radius * radius)
                        mask[i] = 1;
        return mask;
    }
}
