using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Preprocessing;

namespace VerSemi.UnitTests.Imaging.Preprocessing;

public sealed class PlanTests
{
    [Fact]
    public void The_spacing_is_the_median_along_R_A_S_whatever_the_order_of_the_axes()
    {
        var images = new[]
        {
            Image(new Affine(0, 0, 3, 0, 1, 0, 0, 0, 0, -2, 0, 0)), // R 3, A 1, S 2
            Image(Affine.Scaling(1, 5, 9)),
            Image(new Affine(-4, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0)),
        };
        Assert.Equal([3, 2, 2], Preprocessor.Plan("MRI", images, null).Spacing);
        Assert.Equal([2, 3, 5.5], Preprocessor.Plan("MRI", images[..2], null).Spacing);
        Assert.Equal([7, 8, 9], Preprocessor.Plan("MRI", images, [7, 8, 9]).Spacing);
    }

    [Theory]
    [InlineData("MRI")]
    [InlineData("T2")]
    public void Anything_but_ct_goes_by_its_own_percentiles(string modality)
    {
        var rule = Preprocessor.Plan(modality, [Image(Affine.Scaling(1, 1, 1))], null);
        Assert.Equal((modality, IntensityRule.PercentileZScore, 0.5, 99.5), (rule.Modality, rule.Rule, rule.Low, rule.High));
    }

    [Fact]
    public void Ct_gets_the_window_mean_and_deviation_of_all_training_voxels()
    {
        var ramp = Enumerable.Range(0, 2001).Select(i => i - 1000f).ToArray();
        var rule = Preprocessor.Plan("CT", [Line(ramp[..1000]), Line([.. ramp[1000..], float.NaN])], null);

        Assert.Equal(IntensityRule.Window, rule.Rule);
        Assert.Equal((-990, 990), (rule.Low, rule.High));
        var clipped = ramp.Select(v => Math.Clamp(v, -990.0, 990.0)).ToArray();
        Assert.Equal(0, rule.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(clipped.Average(v => v * v)), rule.StandardDeviation, 1e-6);
    }

    [Fact]
    public void Large_images_are_sampled_evenly()
    {
        var large = Line([.. Enumerable.Range(0, 3_000_000).Select(i => (float)(i % 1000))]);
        var rule = Preprocessor.Plan("ct", [large], null);
        Assert.Equal(5, rule.Low, 2.0);
        Assert.Equal(994, rule.High, 2.0);
        Assert.Equal(499.5, rule.Mean, 2.0);
    }

    [Fact]
    public void Without_an_image_nothing_can_be_decided()
    {
        Assert.Contains("CT", Assert.Throws<DomainException>(() => Preprocessor.Plan("CT", [], [1, 1, 1])).Message);
        Assert.Contains("MRI", Assert.Throws<DomainException>(() => Preprocessor.Plan("MRI", [], null)).Message);
    }

    private static Volume<float> Image(Affine affine) => new(new Grid(new Size3(2, 2, 2), affine), new float[8]);

    private static Volume<float> Line(float[] voxels) => new(new Grid(new Size3(voxels.Length, 1, 1), Affine.Scaling(1, 1, 1)), voxels);
}
