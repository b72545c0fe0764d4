using VerSemi.Imaging.Checks;

namespace VerSemi.UnitTests.Imaging.Checks;

public sealed class ImageCheckTests
{
    /// <summary>0…99, over and over.</summary>
    private static float[] Ramp => [.. Enumerable.Range(0, 10_000).Select(i => (float)(i % 100))];

    [Fact]
    public void A_plain_image_gives_no_finding_and_its_intensities()
    {
        var check = ImageCheck.Of(Ramp, hounsfield: false);
        Assert.Empty(check.Findings);
        Assert.Equal((0, 49.5, 99), (check.Intensities!.Low, check.Intensities.Median, check.Intensities.High));
        Assert.Equal(0, check.Lowest);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    public void An_image_without_a_number_is_unusable(float value) => Found(Severity.Unusable, "All of its 1000 voxels", [.. Enumerable.Repeat(value, 1000)]);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-32768)]
    public void A_constant_image_is_implausible(float value) => Found(Severity.Implausible, $"the value {value}", [.. Enumerable.Repeat(value, 1000)]);

    [Fact]
    public void An_image_that_is_nearly_all_nothing_is_implausible() => Found(Severity.Implausible, "9500 voxels of the image (95%)", [.. Ramp[..500], .. Enumerable.Repeat(float.NaN, 9500)]);

    [Fact]
    public void What_is_no_number_is_replaced_by_the_end_of_the_range_that_it_lies_beyond()
    {
        var voxels = Ramp;
        (voxels[1], voxels[2], voxels[3], voxels[4]) = (float.NaN, float.NegativeInfinity, float.PositiveInfinity, 3e38f);
        var check = ImageCheck.Of(voxels, hounsfield: false);
        Assert.Equal([0, 0, 0, 99, 99], voxels[..5]);
        var finding = Assert.Single(check.Findings);
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Equal("4 voxels of the image (0.04%) were NaN, infinite or beyond ±1e12; replaced: 2 by its lowest value, 0, 2 (too large or +infinite) by its highest, 99.", finding.Text);
    }

    [Theory]
    [InlineData(-32768, false)]
    [InlineData(-32768, true)]
    [InlineData(-3024, true)]
    [InlineData(-2000, true)]
    [InlineData(-2000, false)]
    public void Padding_is_told_and_stays_out_of_the_intensities(float padding, bool hounsfield)
    {
        float[] voxels = [.. Ramp, .. Enumerable.Repeat(padding, 5000)];
        var check = ImageCheck.Of(voxels, hounsfield);
        Assert.Equal((0, 49.5, 99), (check.Intensities!.Low, check.Intensities.Median, check.Intensities.High));
        Assert.Equal(0, check.Lowest);
        var finding = Assert.Single(check.Findings);
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains($"5000 voxels of the image (33.33%)", finding.Text, StringComparison.Ordinal);
        Assert.Contains($"{padding}", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lowest_values_of_a_wide_range_are_not_padding() // e.g. a phase image
    {
        float[] voxels = [.. Enumerable.Range(-4096, 8192).Select(i => (float)i)];
        var check = ImageCheck.Of(voxels, hounsfield: false);
        Assert.Empty(check.Findings);
        Assert.Equal(-4096, check.Lowest);
    }

    private static void Found(Severity severity, string said, float[] voxels)
    {
        var finding = ImageCheck.Of(voxels, hounsfield: false).Findings.MaxBy(finding => finding.Severity)!;
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(said, finding.Text, StringComparison.Ordinal);
    }
}
