using VerSemi.Imaging.Geometry;

namespace VerSemi.UnitTests.Imaging.Geometry;

public sealed class OrientationTests
{
    private static readonly Size3 Size = new(5, 4, 3);

    [Theory]
    [MemberData(nameof(AxisOrientations.Names), MemberType = typeof(AxisOrientations))]
    public void Every_voxel_keeps_its_place_in_space_and_comes_back(string name)
    {
        foreach (var angle in new[] { 0, 0.3 })
        {
            var grid = new Grid(Size, AxisOrientations.Oblique(AxisOrientations.All[name], angle));
            var volume = new Volume<int>(grid, [.. Enumerable.Range(0, 60)]);
            var orientation = Orientation.Of(grid.Affine);

            var ras = orientation.ToRas(volume);

            AssertPointsToRas(ras.Grid.Affine);
            Assert.Equal(Places(volume), Places(ras));
            var back = orientation.FromRas(ras, grid);
            Assert.Equal(volume.Voxels, back.Voxels);
            Assert.Equal(grid, back.Grid);
        }
    }

    [Fact]
    public void A_place_is_located_where_an_index_was_applied()
    {
        var affine = AxisOrientations.Oblique(AxisOrientations.All["PIL"], 0.7);
        var (x, y, z) = affine.Apply(3, 1.5, -2);
        var (i, j, k) = affine.Locate(x, y, z);
        Assert.Equal((3.0, 1.5, -2.0), (Math.Round(i, 9), Math.Round(j, 9), Math.Round(k, 9)));
    }

    [Fact]
    public void An_array_that_is_RAS_already_stays_as_it_is()
    {
        var volume = new Volume<int>(new Grid(Size, AxisOrientations.All["RAS"]), [.. Enumerable.Range(0, 60)]);
        var ras = Orientation.Of(volume.Grid.Affine).ToRas(volume);
        Assert.Equal(volume.Grid, ras.Grid);
        Assert.Equal(volume.Voxels, ras.Voxels);
        Assert.NotSame(volume.Voxels, ras.Voxels);
    }

    private static void AssertPointsToRas(Affine affine)
    {
        Assert.True(affine.M00 > Math.Max(Math.Abs(affine.M10), Math.Abs(affine.M20)), $"{affine}");
        Assert.True(affine.M11 > Math.Max(Math.Abs(affine.M01), Math.Abs(affine.M21)), $"{affine}");
        Assert.True(affine.M22 > Math.Max(Math.Abs(affine.M02), Math.Abs(affine.M12)), $"{affine}");
    }

    /// <summary>Voxel value → place, in micrometres.</summary>
    private static SortedDictionary<int, (long, long, long)> Places(Volume<int> volume)
    {
        var places = new SortedDictionary<int, (long, long, long)>();
        for (var z = 0; z < volume.Size.Z; z++)
            for (var y = 0; y < volume.Size.Y; y++)
                for (var x = 0; x < volume.Size.X; x++)
                {
                    var (r, a, s) = volume.Grid.Affine.Apply(x, y, z);
                    places[volume[x, y, z]] = ((long)Math.Round(r * 1e6), (long)Math.Round(a * 1e6), (long)Math.Round(s * 1e6));
                }
        return places;
    }
}
