using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Planning;

public class TrainingForecastTests
{
    private static readonly TrainingRecipe Recipe = RecipeBook.BuiltIn("small");

    [Fact]
    public void The_time_is_that_of_the_steps_and_the_validations()
    {
        // 1500 steps, 15 validations of 3 cases, raw and averaged weights, 35×50×35 in patches of 32×48×32: 8 windows.
        var forecast = Forecast(Recipe, Scans.Hippocampus, new StepTimes(0.5, 1, 0.01));
        Assert.Equal(1100 * 0.5 + 400 * 1 + 15 * 2 * 3 * 8 * 0.01, forecast.Seconds, 1e-6);
    }

    [Fact]
    public void The_memory_grows_with_patch_batch_width_and_the_cached_volumes()
    {
        var memory = Forecast(Recipe, Scans.Hippocampus).MemoryBytes;

        Assert.True(Forecast(Recipe with { Patch = [64, 64, 64] }, Scans.Hippocampus).MemoryBytes > memory);
        Assert.True(Forecast(Recipe with { LabelledBatch = 8 }, Scans.Hippocampus).MemoryBytes > memory);
        Assert.True(Forecast(Recipe with { Width = 32 }, Scans.Hippocampus).MemoryBytes > memory);
        Assert.True(Forecast(Recipe, Scans.Hippocampus with { UnlabelledTotal = 450 }).MemoryBytes > memory);
    }

    [Fact]
    public void Where_the_trial_measured_the_process_its_memory_is_that_and_what_is_still_to_come()
    {
        var modelled = Forecast(Recipe, Scans.Hippocampus).MemoryBytes;
        var measured = Forecast(Recipe, Scans.Hippocampus, new StepTimes(1, 1, 1, PeakBytes: 3L << 30)).MemoryBytes;

        Assert.Equal((3L << 30) + StepMemory.BesideSteps(Recipe) - StepMemory.Of(Recipe) - StepMemory.ProcessBytes, measured - modelled);
        Assert.InRange(StepMemory.BesideSteps(Recipe), 200L << 20, 300L << 20);
        Assert.True(StepMemory.BesideSteps(Recipe with { Width = 8 }) < StepMemory.BesideSteps(Recipe));
    }

    [Fact]
    public void The_cache_is_bounded() =>
        Assert.Equal(StepMemory.Of(Recipe) + StepMemory.ProcessBytes + (1L << 30), Forecast(Recipe, Scans.Hippocampus with { UnlabelledTotal = 1_000_000 }).MemoryBytes);

    [Theory]
    [InlineData(45, "about 45 s, 2.0 GiB")]
    [InlineData(23 * 60, "about 23 min, 2.0 GiB")]
    [InlineData(3.5 * 3600, "about 3.5 h, 2.0 GiB")]
    [InlineData(5 * 86400, "about 5.0 days, 2.0 GiB")]
    public void It_is_told_in_words(double seconds, string words) => Assert.Equal(words, new TrainingForecast(seconds, 2L << 30).ToString());

    private static TrainingForecast Forecast(TrainingRecipe recipe, DataFingerprint data, StepTimes? times = null) =>
        TrainingForecast.Of(RecipePlanner.Plan(recipe, data, Scans.Cpu(), null), data, times ?? new StepTimes(1, 1, 1));
}
