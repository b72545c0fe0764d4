using VerSemi.Domain;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Recipes;

public class AugmentationErrorsTests
{
    [Fact]
    public void The_standard_set_is_sound_and_off_by_default()
    {
        var recipe = RecipeBook.Parse("""{"augmentation": "standard", "flipAxes": ["leftRight", "inferiorSuperior"], "augmentationRanges": {"rotationDegrees": 15}}""", "x.json");

        Assert.Equal((AugmentationSet.Standard, AugmentationSet.None), (recipe.Augmentation, RecipeBook.BuiltIn("reference").Augmentation));
        Assert.Equal((15, 1.4), (recipe.AugmentationRanges.RotationDegrees, recipe.AugmentationRanges.ScaleHigh));
    }

    [Fact]
    public void Every_range_that_is_out_of_bounds_is_told_at_once()
    {
        var error = Assert.Throws<DomainException>(() => RecipeBook.Parse(
            """
            {"augmentation": "standard", "flipAxes": ["leftRight", "leftRight"], "augmentationRanges": {
            "flipProbability": 2, "rotationProbability": -1, "scalingProbability": "NaN", "biasFieldProbability": 1.1, "gammaProbability": 1.5, "noiseProbability": 7,
            "rotationDegrees": 200, "scaleLow": 1.2, "scaleHigh": 0.9, "biasFieldStrength": 1.5, "gammaLow": 0.1, "gammaHigh": 0.5, "noiseDeviation": -0.1}}
            """, "odd.json"));

        foreach (var fault in new[]
        {
            "flipAxes is [LeftRight, LeftRight]", "flipProbability is 2", "rotationProbability is -1", "scalingProbability is NaN", "biasFieldProbability is 1.1", "gammaProbability is 1.5", "noiseProbability is 7",
            "rotationDegrees is 200", "scaleLow is 1.2", "scaleHigh is 0.9", "biasFieldStrength is 1.5", "gammaLow is 0.1", "gammaHigh is 0.5", "noiseDeviation is -0.1",
        })
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"augmentation": "strong"}""")]
    [InlineData("""{"flipAxes": ["upDown"]}""")]
    [InlineData("""{"augmentationRanges": {"rotationDegree": 3}}""")]
    [InlineData("""{"augmentationRanges": null}""")]
    public void A_word_that_it_does_not_know_is_refused(string json) => Assert.Throws<DomainException>(() => RecipeBook.Parse(json, "odd.json"));
}
