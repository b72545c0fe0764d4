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
    public void Ct_gets_the_window_mean_and_deviation_of_the_body_in_all_training_images()
    {
        var body = Enumerable.Range(0, 2001).Select(i => i - 900f).ToArray();
        var air = Enumerable.Repeat(-1000f, 5000);
        var rule = Preprocessor.Plan("CT", [Line([.. body[..1000], .. air]), Line([.. body[1000..], float.NaN])], null);

        Assert.Equal(IntensityRule.Window, rule.Rule);
        Assert.Equal((-890, 1090), (rule.Low, rule.High));
        var clipped = body.Select(v => Math.Clamp(v, -890.0, 1090.0)).ToArray();
        Assert.Equal(100, rule.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(clipped.Average(v => (v - 100) * (v - 100))), rule.StandardDeviation, 1e-6);
    }

    [Theory]
    [InlineData(-2000)]
    [InlineData(-3024)]
    [InlineData(-32768)]
    public void Padding_of_ct_leaves_no_trace_in_the_window(float padding)
    {
        float[] body = [.. Enumerable.Range(0, 2001).Select(i => i - 900f), .. Enumerable.Repeat(-1024f, 500)];
        var plain = Preprocessor.Plan("CT", [Line(body)], null);
        var padded = Preprocessor.Plan("CT", [Line([.. body, .. Enumerable.Repeat(padding, 2000)])], null);
        Assert.Equal((plain.Low, plain.High, plain.Mean, plain.StandardDeviation), (padded.Low, padded.High, padded.Mean, padded.StandardDeviation));
    }

    [Fact]
    public void Ct_in_which_all_is_as_thin_as_air_is_planned_from_what_there_is() =>
        Assert.Equal(-1000, Preprocessor.Plan("CT", [Line([.. Enumerable.Repeat(-1000f, 500), .. Enumerable.Repeat(-960f, 500)])], null).Low);

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
