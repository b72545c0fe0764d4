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

    private static ModelDescription Parse(string modality) =>
        ModelDescription.Parse("organ", modality, spacing: null, intensity: "none", patch: null, RecipeBook.BuiltIn("reference"));
}
