using VerSemi.Cli;
using VerSemi.Cli.Weights;
using VerSemi.Domain.Recipes;

namespace VerSemi.EndToEndTests.Weights;

public class ModelDescriptionTests
{
    [Theory]
    [InlineData("MR", "MRI")]
    [InlineData(" mri ", "MRI")]
    [InlineData("ct", "CT")]
    [InlineData("ultrasound", "ultrasound")]
    public void A_modality_is_named_as_a_drop_of_such_images_is(string said, string expected)
    {
        var described = Parse(said);

        Assert.Equal((expected, expected), (described.Preprocessing.Modality, Assert.Single(described.Space.Tasks).Modality));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_modality_that_says_nothing_is_a_fault(string said) =>
        Assert.Contains($"--modality is '{said}', which names none. Give that", Assert.Throws<UsageException>(() => Parse(said)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("percentiles:99.5,0.5")]
    [InlineData("percentiles:5,5")]
    [InlineData("window:250,-175,40,80")]
    public void Bounds_of_intensity_in_the_wrong_order_are_a_fault(string intensity) =>
        Assert.Contains("must lie below the upper one", Assert.Throws<UsageException>(() => Parse("MRI", intensity)).Message, StringComparison.Ordinal);

    [Fact]
    public void Weights_with_the_references_names_are_of_the_references_network_whatever_the_recipe_has()
    {
        var recipe = Parse("MRI", recipe: RecipeBook.BuiltIn("small") with { Network = NetworkDesign.Fine }).Recipe;

        Assert.Equal((NetworkDesign.Reference, FeatureNorm.Batch), (recipe.Network, recipe.Norm));
    }

    private static ModelDescription Parse(string modality, string intensity = "none", TrainingRecipe? recipe = null) =>
        ModelDescription.Parse("organ", modality, spacing: null, intensity, patch: null, recipe ?? RecipeBook.BuiltIn("reference"));
}
