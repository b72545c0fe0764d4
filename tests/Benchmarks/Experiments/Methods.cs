using VerSemi.Domain.Recipes;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>The methods that are compared: one network, one number of steps, one schedule; only what is learnt from differs.</summary>
internal static class Methods
{
    public const string VerSemi = "VerSemi";
    public const string LabelledOnly = "labelled only";
    public const string LabelledLonger = "labelled only, longer";
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

    /// <summary>Ways to learn from unlabelled images.</summary>
    public static IReadOnlyList<string> Unlabelled { get; } =
        ["no teacher", "sharpened consistency", "pseudo labels", "confident", "weak to strong", "both ways", "weak to strong, confident", "weak to strong, confident, both ways", "pseudo labels alone"];

    /// <summary>Some two minutes on one core. Twice the demo's steps: with those alone two of ten seeds had not found the smallest target yet, and a better model is then no chance.</summary>
    private static TrainingRecipe ForPhantoms { get; } = RecipeBook.BuiltIn("demo") with { Stage1Steps = 360, Stage2Steps = 120, ValidateEvery = 10_000, CheckpointEvery = 10_000 };

    /// <summary>Some minutes on one core.</summary>
    private static TrainingRecipe ForHippocampus { get; } = RecipeBook.BuiltIn("hippocampus") with { Width = 8, Stage1Steps = 300, Stage2Steps = 400, ValidateEvery = 10_000, CheckpointEvery = 10_000 };

    /// <summary>Some six minutes on one core.</summary>
    private static TrainingRecipe ForSizes { get; } = RecipeBook.BuiltIn("demo") with
    {
        Stage1Steps = 1800,
        Stage2Steps = 200,
        DiceOver = DiceOver.Prompt,
        Augmentation = AugmentationSet.Standard,
        ValidateEvery = 10_000,
        CheckpointEvery = 10_000,
    };

    private const double Strong = 0.8, Sure = 0.9;

    /// <summary>The labelled images' trainings take about as long as those of <see cref="Unlabelled"/> with so many times the steps.</summary>
    private const double Longer = 2;

    /// <summary>Of VerSemi.</summary>
    public static int Steps(string data)
    {
        var recipe = Of(VerSemi, data);
        return recipe.Stage1Steps + recipe.Stage2Steps;
    }

    public static TrainingRecipe Scaled(TrainingRecipe recipe, double factor)
    {
        int Of(int steps) => (int)Math.Round(steps * factor);
        return recipe with { Stage1Steps = Of(recipe.Stage1Steps), Stage2Steps = Of(recipe.Stage2Steps), ConsistencyRampSteps = Of(recipe.ConsistencyRampSteps), TeacherRampSteps = Of(recipe.TeacherRampSteps) };
    }

    public static TrainingRecipe Of(string method, string data)
    {
        var recipe = Pools.IsPhantoms(data) ? ForPhantoms : Pools.IsSizes(data) ? ForSizes : ForHippocampus;
        var half = Pools.IsSizes(data) ? recipe with { Stage1Steps = 1000, Stage2Steps = 1000 } : recipe;
        var taught = half with { Teacher = TeacherTarget.PseudoLabels };
        return (method switch
        {
            VerSemi => recipe,
            LabelledOnly => recipe with { Stage1Steps = recipe.Stage1Steps + recipe.Stage2Steps, Stage2Steps = 0, SyntheticWeight = 0, SpecificWeight = 0 },
            LabelledLonger => Scaled(Of(LabelledOnly, data), Longer),
            "no teacher" => half with { Teacher = TeacherTarget.None },
            "sharpened consistency" => half with
            {
                Teacher = TeacherTarget.None,
                ConsistencyWeight = 1,
                ConsistencyRampSteps = half.Stage2Steps / 2,
                ConsistencyTemperature = 0.5,
                ConsistencyConfidence = 0.8,
            },
            "pseudo labels" => taught,
            "confident" => taught with { TeacherConfidence = Sure },
            "weak to strong" => taught with { StrongAugmentation = Strong },
            "both ways" => taught with { TeacherBothWays = true },
            "weak to strong, confident" => taught with { StrongAugmentation = Strong, TeacherConfidence = Sure },
            "weak to strong, confident, both ways" => taught with { StrongAugmentation = Strong, TeacherConfidence = Sure, TeacherBothWays = true },
            "pseudo labels alone" => taught with { StrongAugmentation = Strong, TeacherConfidence = Sure, SyntheticWeight = 0, SpecificWeight = 0, ConsistencyWeight = 0, PasteWeight = 0 },
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
