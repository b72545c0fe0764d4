using VerSemi.Domain;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Planning;

public class RecipePlannerTests
{
    private static readonly TrainingRecipe Auto = RecipeBook.BuiltIn("auto");
    private static readonly TrainingRecipe Small = RecipeBook.BuiltIn("small");

    [Fact]
    public void Data_like_the_hippocampus_gets_what_small_says()
    {
        var recipe = Plan(Scans.Hippocampus, Scans.Cpu()).Recipe;

        Assert.Equal(Small.Patch, recipe.Patch);
        Assert.Equal((Small.Width, Small.LabelledBatch, Small.UnlabelledBatch), (recipe.Width, recipe.LabelledBatch, recipe.UnlabelledBatch));
        Assert.Equal((Small.Stage1Steps, Small.Stage2Steps, Small.ValidateEvery), (recipe.Stage1Steps, recipe.Stage2Steps, recipe.ValidateEvery));
    }

    [Fact]
    public void How_is_learnt_is_as_in_small()
    {
        var same = Auto with
        {
            Name = Small.Name,
            Auto = false,
            Patch = Small.Patch,
            LabelledBatch = Small.LabelledBatch,
            UnlabelledBatch = Small.UnlabelledBatch,
            Stage1Steps = Small.Stage1Steps,
            Stage2Steps = Small.Stage2Steps,
            ValidateEvery = Small.ValidateEvery,
            CheckpointEvery = Small.CheckpointEvery,
        };
        Assert.Equal(Small.Hash, same.Hash);
    }

    [Theory]
    [InlineData(35, 50, 35, "80 %")] // a patch of 32×48×32
    [InlineData(24, 24, 24, "100 %")] // rounded up to 32³
    [InlineData(128, 128, 128, "24 %")] // shrunk to 80³ for two cores
    public void The_share_of_the_image_that_a_patch_shows_is_told_as_it_is(int x, int y, int z, string share)
    {
        var plan = Plan(Scans.Of("MRI", [x, y, z], [1, 1, 1], labelled: 6), Scans.Cpu());

        Assert.Contains($"a patch shows {share} of the median image", plan.Choices.Single(choice => choice.Choice == "steps").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_spacing_is_the_median_of_the_images()
    {
        var images = new[] { 0.8, 1.0, 1.4 }.Select(mm => new ImageShape([64, 64, 64], [mm, mm, 1])).ToList();
        Assert.Equal([1, 1, 1], Spacing(Scans.Of([new ModalityFingerprint("MRI", images)])));
        Assert.Equal([0.8, 0.8, 1], Spacing(Scans.Of([new ModalityFingerprint("MRI", [.. images.Take(1)])])));
    }

    [Fact]
    public void Along_an_axis_three_times_coarser_it_is_the_10th_percentile()
    {
        var thick = Enumerable.Range(0, 11).Select(i => new ImageShape([256, 256, 40], [0.7, 0.7, 3 + i * 0.5])).ToList();
        Assert.Equal([0.7, 0.7, 3.5], Spacing(Scans.Of([new ModalityFingerprint("MRI", thick)])));

        var thin = Enumerable.Range(0, 11).Select(i => new ImageShape([256, 256, 40], [1.5, 1.5, 3 + i * 0.1])).ToList();
        Assert.Equal(3.5, Spacing(Scans.Of([new ModalityFingerprint("MRI", thin)]))[2]);
    }

    [Fact]
    public void It_is_never_finer_than_the_other_axes_where_few_images_are()
    {
        var images = Enumerable.Range(0, 11).Select(i => new ImageShape([256, 256, 40], [0.7, 0.9, i < 3 ? 0.2 : 5])).ToList();
        Assert.Equal([0.7, 0.9, 0.9], Spacing(Scans.Of([new ModalityFingerprint("MRI", images)])));
    }

    [Fact]
    public void A_line_keeps_its_champions_spacing_width_and_norm_and_plans_a_new_modality()
    {
        var data = Scans.Of([new ModalityFingerprint("MRI", [new([64, 64, 64], [1, 1, 1])]), new ModalityFingerprint("CT", [new([64, 64, 64], [2, 2, 2])])]);
        var champion = new KnownModel("main/3", 8, FeatureNorm.Group, [48, 32, 48], new Dictionary<string, IReadOnlyList<double>> { ["MRI"] = [1.5, 1.5, 1.5] });
        var plan = RecipePlanner.Plan(Auto, data, Scans.Cpu(), champion);

        Assert.Equal((8, FeatureNorm.Group), (plan.Recipe.Width, plan.Recipe.Norm));
        Assert.Equal([1.5, 1.5, 1.5], plan.Spacing["MRI"]);
        Assert.Equal([2, 2, 2], plan.Spacing["CT"]);
        Assert.Null(plan.Recipe.Spacing); // one for both there is not
        Assert.Contains("main/3", ReasonOf(plan, "width"), StringComparison.Ordinal);
        Assert.Equal(8, RecipePlanner.Plan(Auto, data, Scans.Cpu(0.5), champion).Recipe.Width);
    }

    [Fact]
    public void A_line_keeps_its_champions_network_and_a_fine_one_is_planned_with_its_own_memory()
    {
        var spacing = new Dictionary<string, IReadOnlyList<double>> { ["MRI"] = [1, 1, 1] };
        var champion = new KnownModel("main/3", 8, FeatureNorm.Group, [48, 32, 48], spacing, NetworkDesign.Fine);

        Assert.Equal(NetworkDesign.Fine, RecipePlanner.Plan(Auto, Scans.Hippocampus, Scans.Cpu(), champion).Recipe.Network);
        Assert.Equal(NetworkDesign.Fine, RecipePlanner.Plan(Auto with { Network = NetworkDesign.Fine }, Scans.Hippocampus, Scans.Cpu(), null).Recipe.Network);
        Assert.Equal(NetworkDesign.Reference, RecipePlanner.Plan(Auto, Scans.Hippocampus, Scans.Cpu(), null).Recipe.Network);
        var recipe = RecipeBook.BuiltIn("small");
        Assert.True(StepMemory.Of(recipe with { Network = NetworkDesign.Fine }) > StepMemory.Of(recipe));
    }

    [Fact]
    public void Growth_by_the_head_alone_keeps_the_champions_patch_and_shrinks_only_its_batch()
    {
        var champion = new KnownModel("main/3", 8, FeatureNorm.Group, [48, 32, 48], new Dictionary<string, IReadOnlyList<double>> { ["MRI"] = [1, 1, 1] });
        var plan = RecipePlanner.Plan(Auto with { Growth = GrowthMode.HeadOnly }, Scans.Hippocampus, Scans.Cpu(), champion);

        Assert.Equal([48, 32, 48], plan.Recipe.Patch);
        Assert.Contains("main/3", ReasonOf(plan, "patch"), StringComparison.Ordinal);
        Assert.NotEqual([48, 32, 48], RecipePlanner.Plan(Auto, Scans.Hippocampus, Scans.Cpu(), champion).Recipe.Patch);

        var smaller = RecipePlanner.Smaller(plan, keepsPatch: true)!;
        Assert.Equal(2, smaller.Recipe.LabelledBatch);
        Assert.Equal([48, 32, 48], smaller.Recipe.Patch);
        Assert.Null(RecipePlanner.Smaller(smaller, keepsPatch: true));
    }

    [Fact]
    public void Without_a_champion_growth_by_the_head_alone_is_joint_and_may_shrink_its_patch()
    {
        var plan = RecipePlanner.Plan(Auto with { Growth = GrowthMode.HeadOnly }, Scans.Of("MRI", [64, 64, 64], [1, 1, 1], labelled: 4), Scans.Cpu(), champion: null);
        var smallest = plan with { Recipe = plan.Recipe with { LabelledBatch = 2, UnlabelledBatch = 2 } };

        Assert.True(RecipePlanner.Smaller(smallest)!.Recipe.Patch.Sum() < plan.Recipe.Patch.Sum());
    }

    [Fact]
    public void Without_a_labelled_training_case_nothing_is_planned() =>
        Assert.Contains("labelled training case", Assert.Throws<DomainException>(() => Plan(Scans.Of("MRI", [48, 48, 48], [1, 1, 1], labelled: 0), Scans.Cpu())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_spacing_that_the_recipe_gives_is_kept() =>
        Assert.Equal([3, 3, 3], RecipePlanner.Plan(Auto with { Spacing = [3, 3, 3] }, Scans.Hippocampus, Scans.Cpu(), null).Recipe.Spacing);

    [Fact]
    public void Intensities_go_by_the_modality()
    {
        Assert.Equal("window", ValueOf(Plan(Scans.Of("CT", [64, 64, 64], [1, 1, 1]), Scans.Cpu()), "intensity"));
        Assert.Equal("z-score", ValueOf(Plan(Scans.Of("MRI", [64, 64, 64], [1, 1, 1]), Scans.Cpu()), "intensity"));
    }

    [Theory]
    [InlineData(20, 20, 20, 16, 16, 16)] // 20 is nearer to 16
    [InlineData(70, 50, 40, 64, 48, 48)]
    [InlineData(8, 100, 60, 16, 96, 64)] // padded
    public void The_patch_is_the_median_image_to_the_nearest_16(int r, int a, int s, int x, int y, int z) =>
        Assert.Equal([x, y, z], Plan(Scans.Of("MRI", [r, a, s], [1, 1, 1]), Scans.Gpu(24)).Recipe.Patch);

    [Fact]
    public void The_patch_counts_voxels_at_the_planned_spacing() =>
        Assert.Equal([64, 64, 64], RecipePlanner.Plan(Auto with { Spacing = [2, 2, 2] }, Scans.Of("MRI", [128, 128, 128], [1, 1, 1]), Scans.Gpu(24), null).Recipe.Patch);

    [Fact]
    public void The_patch_shrinks_along_its_largest_side_until_the_memory_is_enough()
    {
        var scans = Scans.Of("CT", [320, 192, 96], [1, 1, 1]);
        var patches = new[] { 80.0, 16, 8, 5 }.Select(gibibytes => Plan(scans, Scans.Gpu(gibibytes)).Recipe.Patch).ToList();

        Assert.Equal([320, 192, 96], patches[0]);
        Assert.All(patches.Zip(patches.Skip(1)), pair => Assert.True(Voxels(pair.Second) < Voxels(pair.First)));
        Assert.All(patches, patch => Assert.Equal(96, patch[2])); // the smallest side is the last to shrink
        Assert.Contains("shrunk", ReasonOf(Plan(scans, Scans.Gpu(12)), "patch"), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_cpu_the_patch_is_what_its_cores_do_in_seconds()
    {
        var scans = Scans.Of("CT", [192, 192, 192], [1, 1, 1]);
        var (two, sixteen) = (Plan(scans, Scans.Cpu(64, cores: 2)).Recipe, Plan(scans, Scans.Cpu(64, cores: 16)).Recipe);

        Assert.InRange(Voxels(two.Patch), 64 * 64 * 64, 2 * 64 * 64 * 64);
        Assert.True(Voxels(sixteen.Patch) > 4 * Voxels(two.Patch));
        Assert.Contains("2 cores", ReasonOf(Plan(scans, Scans.Cpu(64, cores: 2)), "patch"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(13, 4)]
    [InlineData(20, 6)]
    [InlineData(24, 8)]
    [InlineData(500, 8)]
    public void The_batch_is_at_most_a_third_of_the_labelled_cases(int labelled, int batch) =>
        Assert.Equal(batch, Plan(Scans.Of("MRI", [48, 48, 48], [1, 1, 1], labelled), Scans.Gpu(24)).Recipe.LabelledBatch);

    [Fact]
    public void The_batch_is_what_the_memory_holds()
    {
        var scans = Scans.Of("MRI", [96, 96, 96], [1, 1, 1], labelled: 100);
        Assert.Equal([8, 4, 2], new[] { 40.0, 9, 5 }.Select(gibibytes => Plan(scans, Scans.Gpu(gibibytes)).Recipe.LabelledBatch));
    }

    [Fact]
    public void The_width_is_halved_rather_than_the_patch_made_useless()
    {
        var scans = Scans.Of("MRI", [128, 128, 128], [1, 1, 1]);
        var (much, little) = (Plan(scans, Scans.Gpu(8)).Recipe, Plan(scans, Scans.Gpu(1.2)).Recipe);

        Assert.Equal(16, much.Width);
        Assert.True(little.Width < 16 && little.Patch.All(side => side >= 48), $"width {little.Width}, patch {string.Join('×', little.Patch)}");
        Assert.Equal(16, Plan(Scans.Of("MRI", [32, 32, 32], [1, 1, 1]), Scans.Gpu(1.2)).Recipe.Width); // smaller images need no more
    }

    [Fact]
    public void More_tasks_cases_and_smaller_views_take_more_samples()
    {
        var few = Samples(Scans.Of("MRI", [96, 96, 96], [1, 1, 1], labelled: 12), 24);

        Assert.Equal(3 * few, Samples(Scans.Of("MRI", [96, 96, 96], [1, 1, 1], labelled: 12, tasks: 3), 24), few * 0.05);
        Assert.True(Samples(Scans.Of("MRI", [96, 96, 96], [1, 1, 1], labelled: 64), 24) > 1.8 * few);
        Assert.True(Samples(Scans.Of("MRI", [96, 96, 96], [1, 1, 1], labelled: 12), 2) > 1.3 * few);
    }

    [Fact]
    public void Stage_2_needs_something_unlabelled()
    {
        var labelled = Scans.Hippocampus with { UnlabelledTotal = 0 };
        Assert.Equal((1100, 0), Steps(Plan(labelled, Scans.Cpu())));
        Assert.Equal((1100, 400), Steps(Plan(labelled with { PartlyLabelled = 5 }, Scans.Cpu())));
    }

    [Fact]
    public void A_recipe_without_stage_2_trains_as_many_steps_in_stage_1() =>
        Assert.Equal((1500, 0), Steps(RecipePlanner.Plan(Auto with { Stage2Steps = 0 }, Scans.Hippocampus, Scans.Cpu(), null)));

    [Fact]
    public void Whatever_the_data_and_the_device_the_plan_is_a_sound_recipe_that_fits()
    {
        foreach (var side in new[] { 1, 7, 40, 100, 700 })
            foreach (var gibibytes in new[] { 1.0, 2, 6, 24, 80 })
                foreach (var labelled in new[] { 1, 5, 5000 })
                {
                    var plan = Plan(Scans.Of("MRI", [side, 2 * side, side], [1, 1, 1], labelled, tasks: 3), Scans.Gpu(gibibytes));
                    Assert.Empty(plan.Recipe.Validate());
                    Assert.True(StepMemory.Of(plan.Recipe) + StepMemory.ProcessBytes <= 0.8 * gibibytes * (1L << 30), $"{side} voxels, {gibibytes} GiB");
                    Assert.Equal(["spacing", "intensity", "width", "patch", "batch", "steps"], plan.Choices.Select(choice => choice.Choice));
                }
    }

    [Fact]
    public void A_recipe_that_is_not_auto_is_left_as_it_is()
    {
        var plan = RecipePlanner.Plan(Small, Scans.Hippocampus, Scans.Cpu(0.1), null);
        Assert.Equal(Small.Hash, plan.Recipe.Hash);
        Assert.Empty(plan.Choices);
    }

    [Fact]
    public void What_ran_out_of_memory_goes_on_with_a_smaller_batch_and_then_a_smaller_patch()
    {
        var plan = Plan(Scans.Hippocampus, Scans.Cpu());
        var halved = RecipePlanner.Smaller(plan)!;
        var shrunk = RecipePlanner.Smaller(halved)!;

        Assert.Equal((2, 2, Small.Stage1Steps), (halved.Recipe.LabelledBatch, halved.Recipe.UnlabelledBatch, halved.Recipe.Stage1Steps));
        Assert.Equal([32, 32, 32], shrunk.Recipe.Patch);
        Assert.Equal([plan.Recipe.Hash, halved.Recipe.Hash], shrunk.Outgrown);
        Assert.Null(RecipePlanner.Smaller(plan with { Recipe = plan.Recipe with { Patch = [16, 16, 16], LabelledBatch = 2, UnlabelledBatch = 2 } }));
    }

    private static RecipePlan Plan(DataFingerprint data, DeviceFacts device) => RecipePlanner.Plan(Auto, data, device, null);

    private static IReadOnlyList<double> Spacing(DataFingerprint data) => Plan(data, Scans.Cpu()).Recipe.Spacing!;

    private static long Voxels(IReadOnlyList<int> patch) => (long)patch[0] * patch[1] * patch[2];

    private static string ReasonOf(RecipePlan plan, string choice) => plan.Choices.Single(c => c.Choice == choice).Reason;

    private static string ValueOf(RecipePlan plan, string choice) => plan.Choices.Single(c => c.Choice == choice).Value;

    private static (int, int) Steps(RecipePlan plan) => (plan.Recipe.Stage1Steps, plan.Recipe.Stage2Steps);

    private static double Samples(DataFingerprint data, double gibibytes)
    {
        var recipe = Plan(data, Scans.Gpu(gibibytes)).Recipe;
        return recipe.Stage1Steps * recipe.LabelledBatch;
    }
}
