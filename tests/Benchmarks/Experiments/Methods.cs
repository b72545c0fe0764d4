using VerSemi.Domain.Recipes;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>The methods that are compared: one network, one number of steps, one schedule; only what is learnt from differs.</summary>
internal static class Methods
{
    public const string VerSemi = "VerSemi";
    public const string LabelledOnly = "labelled only";
    public const string MeanTeacher = "mean teacher";

    public const string OverSample = "Dice over the sample";
    public const string OverBatch = "Dice over the batch";
    public const string NotAugmented = "without augmentation";

    /// <summary>Of a part that the data's recipe has.</summary>
    public static IReadOnlyList<string> Ablations(string data) =>
    [
        "without synthetic task", "without consistency", "without specific term",
        .. Of(VerSemi, data).Teacher == TeacherTarget.None ? (string[])[] : ["without teacher"],
        "aggregate not detached", "other norm",
    ];

    public const string Joint = "joint";
    public static IReadOnlyList<string> Growth { get; } = [Joint, "distillation", "head only"];

    /// <summary>Some two minutes on one core. Twice the demo's steps: with those alone two of ten seeds had not found the smallest target yet, and a better model is then no chance.</summary>
    private static TrainingRecipe ForPhantoms { get; } = RecipeBook.BuiltIn("demo") with { Stage1Steps = 360, Stage2Steps = 120, ValidateEvery = 10_000, CheckpointEvery = 10_000 };

    /// <summary>Some minutes on one core.</summary>
    private static TrainingRecipe ForHippocampus { get; } = RecipeBook.BuiltIn("hippocampus") with { Width = 8, Stage1Steps = 300, Stage2Steps = 400, ValidateEvery = 10_000, CheckpointEvery = 10_000 };

    /// <summary>Some six minutes on one core.</summary>
    private static TrainingRecipe ForSizes { get; } = RecipeBook.BuiltIn("demo") with { DiceOver = DiceOver.Prompt, Augmentation = AugmentationSet.Standard, Stage1Steps = 1800, Stage2Steps = 200, ValidateEvery = 10_000, CheckpointEvery = 10_000 };

    public static TrainingRecipe Of(string method, string data)
    {
        var recipe = Pools.IsPhantoms(data) ? ForPhantoms : Pools.IsSizes(data) ? ForSizes : ForHippocampus;
        return (method switch
        {
            VerSemi => recipe,
            LabelledOnly => recipe with { Stage1Steps = recipe.Stage1Steps + recipe.Stage2Steps, Stage2Steps = 0, SyntheticWeight = 0, SpecificWeight = 0 },
            MeanTeacher => recipe with
            {
                SyntheticWeight = 0,
                SpecificWeight = 0,
                ConsistencyWeight = 0,
                PasteWeight = 0,
                Teacher = TeacherTarget.NoisyImages,
                TeacherWeight = 1,
                TeacherRampSteps = recipe.Stage2Steps / 2,
            },
            "without synthetic task" => recipe with { SyntheticWeight = 0, ConsistencyWeight = 0, PasteWeight = 0 },
            "without consistency" => recipe with { ConsistencyWeight = 0 },
            "without specific term" => recipe with { SpecificWeight = 0 },
            "without teacher" => recipe with { Teacher = TeacherTarget.None },
            "aggregate not detached" => recipe with { DetachAggregate = false },
            "other norm" => recipe with { Norm = recipe.Norm == FeatureNorm.Batch ? FeatureNorm.Group : FeatureNorm.Batch },
            OverSample => recipe with { DiceOver = DiceOver.Sample },
            OverBatch => recipe with { DiceOver = DiceOver.Batch },
            NotAugmented => recipe with { Augmentation = AugmentationSet.None },
            Joint => recipe,
            // Unlabelled images, those of the old datasets among them, from the first step: the teacher needs something to answer on.
            "distillation" => recipe with { Growth = GrowthMode.Distillation, Stage1Steps = 0, Stage2Steps = recipe.Stage1Steps + recipe.Stage2Steps },
            "head only" => recipe with { Growth = GrowthMode.HeadOnly },
            _ => RecipeBook.Parse(File.ReadAllText(method), method),
        }) with
        { Name = method };
    }
}
