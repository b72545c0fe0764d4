using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Recipes;

public class RecipeBookTests
{
    [Fact]
    public void Demo_small_and_reference_are_built_in_and_sound()
    {
        Assert.Superset(new HashSet<string> { "demo", "small", "reference" }, RecipeBook.Names.ToHashSet());
        Assert.All(RecipeBook.Names, name => Assert.Equal(name, RecipeBook.BuiltIn(name).Name));
    }

    [Fact]
    public void The_reference_is_the_papers_and_the_defaults_are_the_reference()
    {
        var reference = RecipeBook.BuiltIn("reference");

        Assert.Equal((16, 8, 1e-3, 0.5, 0.999), (reference.Width, reference.LabelledBatch, reference.LearningRate, reference.Beta1, reference.Beta2));
        Assert.Equal([96, 96, 96], reference.Patch);
        Assert.Equal((FeatureNorm.Batch, false, 1.0, 2.0 / 3.0), (reference.Norm, reference.DetachAggregate, reference.ConsistencyWeight, reference.MixRatio));
        Assert.Equal(NetworkDesign.Reference, reference.Network);
        Assert.Equal((DiceOver.Batch, Unannotated.Background, AugmentationSet.None), (reference.DiceOver, reference.Unannotated, reference.Augmentation));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones() =>
        Assert.Contains("demo", Assert.Throws<DomainException>(() => RecipeBook.BuiltIn("dmeo")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_file_leaves_out_has_its_default() =>
        Assert.Equal((8, 1e-3), (RecipeBook.Parse("""{"width": 8}""", "x.json").Width, RecipeBook.Parse("{}", "x.json").LearningRate));

    [Fact]
    public void The_precision_is_float32_or_bfloat16()
    {
        Assert.Equal(TrunkPrecision.Float32, RecipeBook.Parse("{}", "x.json").Precision);
        Assert.Equal(TrunkPrecision.Bfloat16, RecipeBook.Parse("""{"precision": "bfloat16"}""", "x.json").Precision);
        Assert.Contains("precision is 7", Assert.Throws<DomainException>(() => RecipeBook.Parse("""{"precision": 7}""", "x.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var error = Assert.Throws<DomainException>(() => RecipeBook.Parse(
            """{"name": "odd", "width": 7, "patch": [96, 90, 96], "labelledBatch": 3, "learningRate": 0, "emaDecay": 1, "overlap": 0.95, "accumulate": 0}""", "odd.json"));

        foreach (var member in new[] { "width is 7", "patch is [96, 90, 96]", "labelledBatch is 3", "unlabelledBatch is 8", "learningRate is 0", "emaDecay is 1", "overlap is 0.95", "accumulate is 0" })
            Assert.Contains(member, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"width\": \"wide\"}")]
    [InlineData("{\"widht\": 8}")]
    [InlineData("{\"patch\": null}")]
    [InlineData("{\"learningRate\": \"NaN\"}")]
    [InlineData("{\"stage1Steps\": 0, \"stage2Steps\": 0}")]
    [InlineData("{\"stage1Steps\": 1e99}")]
    [InlineData("{\"promptInitialScale\": 0.5}")]
    [InlineData("{\"teacher\": \"somebody\"}")]
    [InlineData("{\"teacher\": 7}")]
    [InlineData("{\"norm\": 5}")]
    [InlineData("{\"network\": 7}")]
    [InlineData("{\"network\": \"finer\"}")]
    [InlineData("{\"diceOver\": 3}")]
    [InlineData("{\"unannotated\": \"somehow\"}")]
    [InlineData("{\"chooseFromCases\": 0}")]
    [InlineData("{\"teacherWeight\": -1}")]
    [InlineData("{\"teacherRampSteps\": -1}")]
    public void A_broken_recipe_is_refused_in_plain_words(string json) =>
        Assert.NotEmpty(Assert.Throws<DomainException>(() => RecipeBook.Parse(json, "mine.json")).Message);

    [Theory]
    [InlineData("joint", GrowthMode.Joint)]
    [InlineData("distillation", GrowthMode.Distillation)]
    [InlineData("headOnly", GrowthMode.HeadOnly)]
    public void The_growth_mode_is_a_word(string word, GrowthMode mode) =>
        Assert.Equal(mode, RecipeBook.Parse($$"""{"growth": "{{word}}"}""", "x.json").Growth);

    [Theory]
    [InlineData("""{"growth": "frozen"}""", "growth")]
    [InlineData("""{"growth": 7}""", "growth is 7")]
    [InlineData("""{"growth": "distillation", "distillationWeight": 0}""", "distillationWeight is 0")]
    [InlineData("""{"distillationWeight": 101}""", "distillationWeight is 101")]
    public void Growth_values_out_of_range_are_refused(string json, string fault) =>
        Assert.Contains(fault, Assert.Throws<DomainException>(() => RecipeBook.Parse(json, "x.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("consistencyTemperature", "0")]
    [InlineData("consistencyTemperature", "1.5")]
    [InlineData("consistencyConfidence", "0.4")]
    [InlineData("teacherConfidence", "1")]
    [InlineData("strongAugmentation", "1.1")]
    public void Values_of_what_unlabelled_images_teach_out_of_range_are_refused(string member, string value) =>
        Assert.Contains($"{member} is {value}", Assert.Throws<DomainException>(() => RecipeBook.Parse($$"""{"{{member}}": {{value}}}""", "x.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Pseudo_labels_both_ways_need_pseudo_labels()
    {
        Assert.True(RecipeBook.Parse("""{"teacher": "pseudoLabels", "teacherBothWays": true}""", "x.json").TeacherBothWays);
        var error = Assert.Throws<DomainException>(() => RecipeBook.Parse("""{"teacher": "noisyImages", "teacherBothWays": true}""", "x.json"));
        Assert.Contains("teacherBothWays is True", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_survives_json()
    {
        var recipe = RecipeBook.BuiltIn("demo") with { Spacing = [1, 1.5, 2] };

        Assert.Equal(recipe.Hash, RecipeBook.Parse(JsonSerializer.Serialize(recipe, DomainJson.Readable), "again").Hash);
    }
}
