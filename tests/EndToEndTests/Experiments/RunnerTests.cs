using VerSemi.Benchmarks.Experiments;
using VerSemi.Cli.Research;
using VerSemi.Domain.Recipes;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Experiments;

/// <summary>The runner of the experiments: what it has trained it keeps.</summary>
public class RunnerTests(RunnerTests.Phantoms phantoms) : IClassFixture<RunnerTests.Phantoms>
{
    private static readonly TrainingRecipe TwoSteps =
        RecipeBook.BuiltIn("demo") with { Width = 4, Patch = [16, 16, 16], LabelledBatch = 2, UnlabelledBatch = 2, Stage1Steps = 2, Stage2Steps = 0 };

    [Fact]
    public async Task A_champion_that_several_arms_start_from_is_trained_once_and_never_again()
    {
        var champion = new Arm(Pools.ThreePhantoms(2), "champion", TwoSteps, Seed: 1);
        Arm[] arms = [champion, .. new[] { GrowthMode.Joint, GrowthMode.HeadOnly }.Select(mode => new Arm(Pools.Phantoms(2), $"{mode}", TwoSteps with { Growth = mode }, Seed: 1, champion))];

        var (first, trained) = await RunAsync(arms);
        var (again, trainedAgain) = await RunAsync(arms);

        Assert.Equal((3, 0), (trained, trainedAgain));
        Assert.Equal(["champion", "Joint", "HeadOnly"], first.Select(result => result.Method));
        Assert.Equal(first.Select(result => (result.Run, result.MeanDice)), again.Select(result => (result.Run, result.MeanDice)));
    }

    [Fact]
    public async Task An_arm_whose_recipe_has_changed_is_trained_again()
    {
        var arm = new Arm(Pools.ThreePhantoms(2), "method", TwoSteps, Seed: 1);

        var before = Assert.Single((await RunAsync([arm])).Results);
        var after = Assert.Single((await RunAsync([arm with { Recipe = TwoSteps with { LearningRate = 0.1 } }])).Results);

        Assert.NotEqual(before.Run, after.Run);
        Assert.NotEqual(before.MeanDice, after.MeanDice);
    }

    // Each time as a process would: a runner of its own.
    private async Task<(IReadOnlyList<ArmResult> Results, int Trained)> RunAsync(Arm[] arms)
    {
        var research = new ResearchFolder(phantoms.Folder["research"]);
        var runner = new Runner(research, new Pools(research, hippocampus: null), jobs: arms.Length, threads: 1);
        return (await runner.RunAsync(arms, TestContext.Current.CancellationToken), runner.Trained);
    }

    /// <summary>A folder for what the runner keeps; its first run writes the phantom datasets into it.</summary>
    public sealed class Phantoms : IDisposable
    {
        internal TempFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }
}
