using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Models;

public sealed class LearntImagesTests
{
    private static readonly ImageIntensities Brain = new(0, 60, 400), OtherBrain = new(10, 300, 1500), Abdomen = new(-1020, -100, 600), OtherAbdomen = new(-1000, 30, 900);

    [Fact]
    public void An_image_like_those_that_were_learnt_from_is_not_warned_about() =>
        Assert.Empty(Mri.Differences(ImageLook.Of([200, 240, 190], [1, 1, 1.2], new ImageIntensities(2, 40, 300)), IntensityRule.PercentileZScore));

    [Fact]
    public void The_order_of_the_axes_says_nothing() =>
        Assert.Empty(Mri.Differences(ImageLook.Of([150, 200, 220], [1.2, 1, 1], Brain), IntensityRule.PercentileZScore));

    [Fact]
    public void Coarse_voxels_and_a_body_of_another_size_are_named_with_what_was_learnt_from()
    {
        var said = Mri.Differences(ImageLook.Of([60, 60, 20], [8, 8, 30], Brain), IntensityRule.PercentileZScore).ToList();
        Assert.Equal(2, said.Count);
        Assert.Contains("voxels of 8 × 8 × 30 mm", said[0], StringComparison.Ordinal);
        Assert.Contains("0.9–1 × 0.9–1 × 1.2–1.5 mm", said[0], StringComparison.Ordinal);
        Assert.Contains("sides of 480 × 480 × 600 mm", said[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1024, -200, 1100)] // CT
    [InlineData(-400, -60, 0)] // inverted
    [InlineData(0, 380, 400)] // hardly any background
    public void Intensities_of_another_shape_are_unlike(double low, double median, double high) =>
        Assert.Contains("Is it MRI?", Assert.Single(Mri.Differences(ImageLook.Of([200, 240, 190], [1, 1, 1.2], new ImageIntensities(low, median, high)), IntensityRule.PercentileZScore)), StringComparison.Ordinal);

    [Fact]
    public void The_scale_matters_only_where_all_images_share_one()
    {
        var scaled = ImageLook.Of([200, 240, 190], [1, 1, 1.2], new ImageIntensities(0, 60_000, 400_000));
        Assert.Empty(Mri.Differences(scaled, IntensityRule.PercentileZScore));
        Assert.Single(Ct.Differences(scaled, IntensityRule.Window));
        Assert.Single(Ct.Differences(scaled with { Intensities = new ImageIntensities(4, 900, 1600) }, IntensityRule.Window)); // stored without its intercept
        Assert.Empty(Ct.Differences(scaled with { Intensities = new ImageIntensities(-1010, -50, 700) }, IntensityRule.Window));
    }

    [Fact]
    public void Only_training_and_unlabelled_images_count()
    {
        var strange = new CaseEntry("t", "t", Split.Test, "i", "l", [900, 900, 900], [9, 9, 9], new ImageIntensities(0, 0, 1e6));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Of("MRI", Brain, OtherBrain)), System.Text.Json.JsonSerializer.Serialize(Of("MRI", [strange], Brain, OtherBrain)));
    }

    [Fact]
    public void What_a_champion_learnt_from_is_kept()
    {
        var union = Assert.Single(LearntImages.Union([Of("CT", Abdomen), Of("CT", OtherAbdomen)]));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Of("CT", Abdomen, OtherAbdomen).Intensities), System.Text.Json.JsonSerializer.Serialize(union.Intensities));
        Assert.Equal(2, LearntImages.Union([Of("CT", Abdomen), Of("MRI", Brain)]).Count);
    }

    private static LearntImages Mri => Of("MRI", Brain, OtherBrain);
    private static LearntImages Ct => Of("CT", Abdomen, OtherAbdomen);

    private static LearntImages Of(string modality, params ImageIntensities[] images) => Of(modality, [], images);

    private static LearntImages Of(string modality, CaseEntry[] more, params ImageIntensities[] images) => Assert.Single(LearntImages.Of([new DatasetManifest
    {
        Name = "d",
        Modality = modality,
        Labels = [],
        Splits = new SplitRule(null, null, new Dictionary<string, Split>()),
        Cases = [.. images.Select((intensities, i) => new CaseEntry($"{i}", $"{i}", i == 0 ? Split.Training : null, $"{i}", null, [200, 256, 160], [1 - 0.1 * (i % 2), 1 - 0.1 * (i % 2), 1.2 + 0.3 * (i % 2)], intensities)), .. more],
    }]));
}
