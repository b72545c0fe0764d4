using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Preprocessing;
using VerSemi.UnitTests.Imaging.Nifti;

namespace VerSemi.UnitTests.Imaging.Preprocessing;

public sealed class PreprocessorTests
{
    private static readonly Size3 Size = new(12, 16, 10);

    [Theory]
    [MemberData(nameof(AxisOrientations.Names), MemberType = typeof(AxisOrientations))]
    public void At_its_own_spacing_a_field_returns_to_its_grid_exactly(string name)
    {
        var (grid, label) = Ball(AxisOrientations.All[name]);
        var (r, a, s) = Orientation.Of(grid.Affine).ToRas(grid).Spacing;
        var rule = Mri(r, a, s);

        var prepared = Preprocessor.PrepareLabel(label, rule);
        var restored = Preprocessor.Restore(AsField(prepared), grid);

        Assert.Equal(grid, restored.Grid);
        Assert.Equal(label.Voxels, restored.Voxels.Select(v => (ushort)v));
    }

    [Theory]
    [MemberData(nameof(AxisOrientations.Names), MemberType = typeof(AxisOrientations))]
    public void At_another_spacing_it_returns_to_its_grid_and_place(string name)
    {
        foreach (var angle in new[] { 0, 0.3 })
        {
            var (grid, label) = Ball(AxisOrientations.Oblique(AxisOrientations.All[name], angle));
            var rule = Mri(0.5, 0.5, 0.5);

            var prepared = Preprocessor.PrepareLabel(label, rule);
            var restored = Preprocessor.Restore(AsField(prepared), grid);

            Assert.Equal(Preprocessor.PreparedGrid(grid, rule), prepared.Grid);
            NiftiGeometryTests.AssertClose(Affine.Scaling(0.5, 0.5, 0.5), Upright(prepared.Grid.Affine, angle));
            Assert.Equal(grid, restored.Grid);
            Assert.Equal(label.Voxels, restored.Voxels.Select(v => (ushort)(v >= 0.5 ? 1 : 0)));
            Assert.Equal(Centroid(label), Centroid(prepared), (p, q) => Math.Abs(p.X - q.X) + Math.Abs(p.Y - q.Y) + Math.Abs(p.Z - q.Z) < 0.2);
        }
    }

    [Fact]
    public void Image_and_label_come_to_the_same_grid()
    {
        var (grid, label) = Ball(AxisOrientations.All["LIP"]);
        var rule = Mri(1.1, 0.9, 1.3);
        Assert.Equal(Preprocessor.PrepareLabel(label, rule).Grid, Preprocessor.Prepare(AsField(label), rule).Grid);
        Assert.Equal(Preprocessor.PreparedGrid(grid, rule), Preprocessor.Prepare(AsField(label), rule).Grid);
    }

    [Fact]
    public void Mri_is_clipped_at_its_own_percentiles_and_has_mean_0_and_deviation_1()
    {
        var image = Line([.. Enumerable.Range(0, 1001).Select(i => (float)(i * 37 % 1001))]);

        var prepared = Preprocessor.Prepare(image, Mri(1, 1, 1) with { Low = 10, High = 90 });

        var clipped = Enumerable.Range(0, 1001).Select(i => Math.Clamp(i * 37.0 % 1001, 100, 900)).ToArray();
        var deviation = Math.Sqrt(clipped.Average(v => (v - 500) * (v - 500)));
        foreach (var (value, actual) in clipped.Zip(prepared.Voxels))
            Assert.Equal((value - 500) / deviation, actual, 1e-5);
        Assert.Equal(37, image.Voxels[1]); // the image itself is not changed
    }

    [Fact]
    public void Ct_is_clipped_to_the_window_and_standardised_by_the_training_voxels()
    {
        var rule = new ModalityPreprocessing("CT", [1, 1, 1], IntensityRule.Window, -100, 300, 50, 25);
        Assert.Equal([-6, -6, -2, 10, 10], Preprocessor.Prepare(Line([-1000, -100, 0, 300, 3000]), rule).Voxels);
    }

    [Fact]
    public void Missing_voxels_count_as_the_lowest_finite_value_before_anything_is_blended()
    {
        var window = new ModalityPreprocessing("CT", [1, 1, 1], IntensityRule.Window, -1000, 1000);
        Assert.Equal([2, 2, 5, 2, 5], Preprocessor.Prepare(Line([float.NaN, 2, 5, float.NegativeInfinity, float.PositiveInfinity]), window).Voxels);
        var finer = Preprocessor.Prepare(Line([float.NaN, 2, 5]), window with { Spacing = [0.5, 1, 1] });
        Assert.Equal([2, 2, 2, 2.75f, 4.25f, 5], finer.Voxels);
    }

    [Theory]
    [InlineData(-32768)]
    [InlineData(-2000)]
    public void Padding_hardly_changes_how_the_rest_is_seen(float padding)
    {
        var plain = Line([.. Enumerable.Range(0, 4000).Select(i => (float)(i * 37 % 4000 < 1000 ? 100 + i % 50 : i % 7))]);
        var padded = Line([.. plain.Voxels.Select((value, i) => i < 1000 && value < 7 ? padding : value)]);
        var (before, after) = (Preprocessor.Prepare(plain, Mri(1, 1, 1)).Voxels, Preprocessor.Prepare(padded, Mri(1, 1, 1)).Voxels);
        Assert.All(before.Zip(after).Where((_, i) => padded.Voxels[i] != padding), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
        Assert.All(after.Where((_, i) => padded.Voxels[i] == padding), value => Assert.Equal(after.Min(), value));

        var window = new ModalityPreprocessing("CT", [1, 1, 1], IntensityRule.Window, -100, 300, 50, 25);
        Assert.Equal(Preprocessor.Prepare(Line([-1000, -1000, 40]), window).Voxels, Preprocessor.Prepare(Line([padding, -1000, 40]), window).Voxels);
    }

    [Fact]
    public void Imported_weights_without_a_rule_see_padding_as_it_is() =>
        Assert.Equal([-2000, 1, 2], Preprocessor.Prepare(Line([-2000, 1, 2]), new ModalityPreprocessing("CT", [1, 1, 1], IntensityRule.None, 0, 0)).Voxels);

    [Theory]
    [InlineData(1000.1f)]
    [InlineData(float.NaN)]
    [InlineData(0)]
    public void A_constant_image_becomes_zero(float value) =>
        Assert.All(Preprocessor.Prepare(Line([.. Enumerable.Repeat(value, 777)]), Mri(1, 1, 1)).Voxels, v => Assert.Equal(0, v));

    [Fact]
    public void A_small_object_in_an_empty_field_is_not_clipped_away()
    {
        var voxels = new float[10_000];
        voxels[5000] = 8;
        var prepared = Preprocessor.Prepare(Line(voxels), Mri(1, 1, 1));
        Assert.True(prepared.Voxels[5000] > 50, $"{prepared.Voxels[5000]}");
    }

    [Fact]
    public void A_rule_without_a_sensible_spacing_is_refused() =>
        Assert.Contains("[1, 0, 1]", Assert.Throws<DomainException>(() => Preprocessor.Prepare(Line([1, 2]), Mri(1, 0, 1))).Message);

    private static ModalityPreprocessing Mri(double r, double a, double s) => new("MRI", [r, a, s], IntensityRule.PercentileZScore, 0.5, 99.5);

    private static Volume<float> Line(float[] voxels) => new(new Grid(new Size3(voxels.Length, 1, 1), Affine.Scaling(1, 1, 1)), voxels);

    private static Volume<float> AsField(Volume<ushort> label) => new(label.Grid, [.. label.Voxels.Select(v => (float)v)]);

    /// <summary>A ball of 5 mm, off centre.</summary>
    private static (Grid, Volume<ushort>) Ball(Affine affine)
    {
        var grid = new Grid(Size, affine);
        var centre = affine.Apply(4.2, 6.8, 5.1);
        var voxels = new ushort[Size.Count];
        for (var i = 0; i < voxels.Length; i++)
        {
            var (x, y, z) = affine.Apply(i % Size.X, i / Size.X % Size.Y, i / Size.X / Size.Y);
            voxels[i] = (ushort)(Math.Pow(x - centre.X, 2) + Math.Pow(y - centre.Y, 2) + Math.Pow(z - centre.Z, 2) < 25 ? 1 : 0);
        }
        return (grid, new Volume<ushort>(grid, voxels));
    }

    private static Affine Upright(Affine affine, double angle) => AxisOrientations.Oblique(affine, -angle) with { M03 = 0, M13 = 0, M23 = 0 };

    private static (double X, double Y, double Z) Centroid(Volume<ushort> label)
    {
        var places = label.Voxels.Index().Where(v => v.Item > 0)
            .Select(v => label.Grid.Affine.Apply(v.Index % label.Size.X, v.Index / label.Size.X % label.Size.Y, v.Index / label.Size.X / label.Size.Y)).ToArray();
        return (places.Average(p => p.X), places.Average(p => p.Y), places.Average(p => p.Z));
    }
}
