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

    [Fact]
    public async Task Results_of_other_steps_stand_beside_each_other_and_each_is_a_row()
    {
        var arm = new Arm(Pools.ThreePhantoms(2), "steps", TwoSteps, Seed: 1);

        var trained = new List<int>();
        foreach (var wanted in (Arm[])[arm, arm.Scaled(2), arm])
            trained.Add((await RunAsync([wanted])).Trained);

        Assert.Equal([1, 1, 0], trained);
        var rows = (await File.ReadAllLinesAsync(phantoms.Folder["research/results.tsv"], TestContext.Current.CancellationToken)).Select(row => row.Split('\t')).Where(row => row[1] == "steps");
        Assert.Equal([("phantoms-3-of-4-2", "1", "2"), ("phantoms-3-of-4-2", "1", "4")], rows.Select(row => (row[0], row[2], row[3])));
    }

    [Fact]
    public void Arms_are_chosen_by_data_method_and_labels_and_keep_their_proportion_of_steps()
    {
        var choice = new ArmChoice("hippocampus", [Methods.LabelledOnly, Methods.LabelledLonger], [4], Steps: 70);

        var arms = choice.Of(new UnlabelledExperiment().Arms([1, 2]));

        Assert.Equal(["hippocampus-4/labelled only/1", "hippocampus-4/labelled only, longer/1", "hippocampus-4/labelled only/2", "hippocampus-4/labelled only, longer/2"], arms.Select(arm => arm.ToString()));
        Assert.Equal([70, 140], arms.Take(2).Select(arm => arm.Recipe.Stage1Steps + arm.Recipe.Stage2Steps));
    }

    [Fact]
    public void Every_way_to_learn_from_unlabelled_images_is_a_sound_recipe_with_augmentation() =>
        Assert.All(new UnlabelledExperiment().Arms([1]), arm => Assert.True(arm.Recipe.Validate().Count == 0 && arm.Recipe.Augmentation == AugmentationSet.Standard, $"{arm}"));

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
