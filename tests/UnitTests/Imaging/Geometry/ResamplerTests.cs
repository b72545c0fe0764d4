using VerSemi.Domain;
using VerSemi.Imaging.Geometry;

namespace VerSemi.UnitTests.Imaging.Geometry;

public sealed class ResamplerTests
{
    private static readonly Grid Grid = new(new Size3(9, 7, 5), new Affine(1, 0, 0, -4, 0, 2, 0, 5, 0, 0, 3, 6));

    [Fact]
    public void A_linear_field_keeps_its_value_at_every_place_inside()
    {
        var source = Field(Grid, (x, y, z) => 2 * x - 3 * y + 0.5 * z + 7);
        var target = Resampler.WithSpacing(Grid, (0.7, 1.1, 1.6));

        var result = Resampler.Trilinear(source, target);

        Assert.Equal((0.7, 1.1, 1.6), Rounded(result.Grid.Spacing));
        var expected = Field(target, (x, y, z) => 2 * Math.Clamp(x, -4, 4) - 3 * Math.Clamp(y, 5, 17) + 0.5 * Math.Clamp(z, 6, 18) + 7);
        foreach (var (e, a) in expected.Voxels.Zip(result.Voxels))
            Assert.Equal(e, a, 1e-3);
    }

    [Theory]
    [InlineData(0.5, 18)]
    [InlineData(2, 5)] // 4.5 voxels, rounded up
    [InlineData(100, 1)]
    public void The_centre_stays_and_the_extent_does_to_the_nearest_voxel(double spacing, int count)
    {
        var target = Resampler.WithSpacing(Grid, (spacing, 2, 3));
        Assert.Equal(new Size3(count, 7, 5), target.Size);
        Assert.Equal(Rounded(Grid.Affine.Apply(4, 3, 2)), Rounded(target.Affine.Apply((count - 1) / 2.0, 3, 2)));
    }

    [Fact]
    public void At_its_own_spacing_a_volume_stays_exactly_as_it_is()
    {
        var source = Field(Grid, (x, y, z) => Math.Sin(x * y + z));
        var target = Resampler.WithSpacing(Grid, (1.0009, 1.9991, 3));
        Assert.Equal(Grid, target);
        Assert.Equal(source.Voxels, Resampler.Trilinear(source, target).Voxels);
        Assert.Equal(source.Voxels, Resampler.Nearest(source, target).Voxels);
    }

    [Fact]
    public void Nearest_takes_the_voxel_whose_centre_is_nearest()
    {
        var source = new Volume<ushort>(new Grid(new Size3(3, 1, 1), Affine.Scaling(1, 1, 1)), [10, 20, 30]);
        var target = Resampler.WithSpacing(source.Grid, (0.5, 1, 1)); // centres at −0.25, 0.25, 0.75, …
        Assert.Equal([10, 10, 20, 20, 30, 30], Resampler.Nearest(source, target).Voxels);
    }

    [Fact]
    public void Trilinear_weighs_by_distance_and_holds_the_edge()
    {
        var source = new Volume<float>(new Grid(new Size3(3, 1, 1), Affine.Scaling(1, 1, 1)), [10, 20, 40]);
        var target = Resampler.WithSpacing(source.Grid, (0.5, 1, 1));
        Assert.Equal([10, 12.5f, 17.5f, 25, 35, 40], Resampler.Trilinear(source, target).Voxels);
    }

    [Fact]
    public void Grids_that_are_turned_against_each_other_are_not_resampled_wrongly()
    {
        var turned = Grid with { Affine = AxisOrientations.Oblique(Grid.Affine, 0.2) };
        Assert.Throws<ArgumentException>(() => Resampler.Trilinear(Field(Grid, (_, _, _) => 1), turned));
    }

    [Fact]
    public void A_spacing_that_no_memory_could_hold_is_refused() =>
        Assert.Contains("more than fit into memory", Assert.Throws<DomainException>(() => Resampler.WithSpacing(Grid, (1e-9, 1e-9, 1e-9))).Message);

    private static Volume<float> Field(Grid grid, Func<double, double, double, double> value)
    {
        var voxels = new float[grid.Size.Count];
        for (var i = 0; i < voxels.Length; i++)
        {
            var (x, y, z) = grid.Affine.Apply(i % grid.Size.X, i / grid.Size.X % grid.Size.Y, i / grid.Size.X / grid.Size.Y);
            voxels[i] = (float)value(x, y, z);
        }
        return new Volume<float>(grid, voxels);
    }

    private static (double, double, double) Rounded((double X, double Y, double Z) v) => (Math.Round(v.X, 9), Math.Round(v.Y, 9), Math.Round(v.Z, 9));
}
