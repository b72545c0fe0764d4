using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>
/// The automatic recipe, a pure function of the data's fingerprint and the device. In the spirit of nnU-Net (Isensee et
/// al. 2021): the patch starts at the median image and shrinks along its largest axis until a step of the smallest batch
/// fits; then the batch grows. The rules for batch, width and steps are our own, set such that 13 labelled cases of two
/// tasks give the built-in recipe `small`.
/// </summary>
public static class RecipePlanner
{
    private const int Grid = 16;
    private const int LargestSide = 512;
    internal const int SmallestBatch = 2;
    private const int LargestBatch = 8;

    /// <summary>A side is not shrunk below this while a smaller width is left to try: smaller patches see too little around a target.</summary>
    private const int ComfortableSide = 48;

    /// <summary>Labelled samples of stage 1 that a task of few cases needs.</summary>
    private const double SamplesPerTask = 2200;

    /// <summary>Beyond so many labelled cases, samples grow with the root of their number.</summary>
    private const double FewCases = 16;
    private const double Stage2PerStage1 = 4.0 / 11;

    private static readonly int[] Widths = [16, 8, 4];

    /// <summary>The recipe itself where it is not "auto", with the spacing that it leads to.</summary>
    /// <exception cref="DomainException">There is no labelled training case, or no image to plan from.</exception>
    public static RecipePlan Plan(TrainingRecipe asked, DataFingerprint data, DeviceFacts device, KnownModel? champion)
    {
        if (data.LabelledTotal == 0)
            throw new DomainException("No dataset of the run has a labelled training case, so there is nothing to learn a task from. Drop labelled cases.");
        var spacing = data.Modalities.ToDictionary(m => m.Modality, m => SpacingRule.Choose(asked, m, champion));
        var plan = new RecipePlan { Asked = asked.Hash, Recipe = asked, Device = device, Spacing = spacing.ToDictionary(m => m.Key, m => m.Value.Spacing) };
        if (!asked.Auto)
            return plan;
        var median = Geometry.Median(Geometry.Resampled(data, plan.Spacing));
        var start = Geometry.PerAxis(axis => Math.Clamp(Grid * (int)Math.Round(median[axis] / Grid, MidpointRounding.AwayFromZero), Grid, LargestSide));
        var stage2 = asked.Stage2Steps > 0 && data.UnlabelledTotal + data.PartlyLabelled > 0;
        var network = champion?.Network ?? asked.Network;
        var room = new StepRoom(device, asked.Precision, network);
        var keepsPatch = asked.Growth == GrowthMode.HeadOnly && champion is not null; // old answers depend on it to the bit
        var (width, patch) = keepsPatch
            ? (champion!.Width, [.. champion.Patch])
            : Fit(start, champion is null ? Widths : [champion.Width], room);
        var batch = Batch(data, room, width, patch);
        var (first, second) = Steps(data, start, patch, batch, asked.Stage2Steps > 0, stage2);
        var every = Math.Max(10, (first + second) / 15 / 10 * 10);
        return plan with
        {
            Recipe = asked with
            {
                Auto = false,
                Spacing = plan.Spacing.Values.DistinctBy(Geometry.Text).Count() == 1 ? plan.Spacing.Values.First() : null,
                Width = width,
                Norm = champion?.Norm ?? asked.Norm,
                Network = network,
                Patch = patch,
                LabelledBatch = batch,
                UnlabelledBatch = batch,
                Stage1Steps = first,
                Stage2Steps = second,
                ValidateEvery = every,
                CheckpointEvery = Math.Min(every, 100),
            },
            Choices = [.. spacing.Select(m => new PlannedChoice(PlannedChoice.Spacing, $"{Geometry.Text(m.Value.Spacing)} mm", m.Value.Reason)),
                .. PlanReasons.Of(data, room, champion, median, start, new ChosenShape(width, patch, batch, first, second), keepsPatch)],
        };
    }

    /// <summary>After a step ran out of memory: the same plan with a smaller batch, or else a smaller patch; null where nothing smaller is left.</summary>
    /// <param name="keepsPatch">The patch is the champion's, on which old answers depend.</param>
    public static RecipePlan? Smaller(RecipePlan plan, bool keepsPatch = false)
    {
        var recipe = plan.Recipe;
        var (batch, patch) = recipe.LabelledBatch > SmallestBatch ? (recipe.LabelledBatch / 4 * 2, recipe.Patch) : (SmallestBatch, keepsPatch ? null : Shrunk([.. recipe.Patch], Grid));
        if (patch is null)
            return null;
        var (value, before) = ($"{Geometry.Text(patch)} voxels, {batch} + {batch} samples", $"{Geometry.Text(recipe.Patch)} and {recipe.LabelledBatch} + {recipe.LabelledBatch}");
        return plan with
        {
            Recipe = recipe with { Patch = patch, LabelledBatch = batch, UnlabelledBatch = batch },
            Choices = [.. plan.Choices, new PlannedChoice("smaller step", value, $"{before} ran out of the memory of {plan.Device.Name}")],
            Outgrown = [.. plan.Outgrown, recipe.Hash],
            Forecast = null,
        };
    }

    /// <summary>
    /// For a recipe that is somebody's own: half as many samples at a time, twice as many micro-batches. The step's loss
    /// is still the mean over as many samples. Null where the batch cannot be halved.
    /// </summary>
    public static RecipePlan? Split(RecipePlan plan)
    {
        var recipe = plan.Recipe;
        if (recipe.LabelledBatch % (2 * SmallestBatch) != 0 || recipe.UnlabelledBatch % 2 != 0)
            return null;
        var halved = recipe with { LabelledBatch = recipe.LabelledBatch / 2, UnlabelledBatch = recipe.UnlabelledBatch / 2, Accumulate = recipe.Accumulate * 2 };
        return plan with
        {
            Recipe = halved,
            Choices = [.. plan.Choices, new PlannedChoice("smaller batch", $"{halved.LabelledBatch} + {halved.UnlabelledBatch} samples, {halved.Accumulate} times a step",
                $"{recipe.LabelledBatch} + {recipe.UnlabelledBatch} ran out of the memory of {plan.Device.Name}")],
            Outgrown = [.. plan.Outgrown, recipe.Hash],
            Forecast = null,
        };
    }

    private static (int Width, int[] Patch) Fit(int[] start, IReadOnlyList<int> widths, StepRoom room)
    {
        foreach (var width in widths)
        {
            var (patch, floor) = (start, width == widths[^1] ? Grid : ComfortableSide);
            while (!room.Holds(width, patch, SmallestBatch) && Shrunk(patch, floor) is { } smaller)
                patch = smaller;
            if (room.Holds(width, patch, SmallestBatch) || width == widths[^1])
                return (width, patch);
        }
        throw new InvalidOperationException("There is no width to choose from.");
    }

    /// <summary>One step less along the largest side above the floor; null where there is none.</summary>
    private static int[]? Shrunk(int[] patch, int floor)
    {
        var largest = Array.IndexOf(patch, patch.Max());
        return patch[largest] <= floor ? null : Geometry.PerAxis(axis => axis == largest ? patch[axis] - Grid : patch[axis]);
    }

    /// <summary>At most a third of the labelled cases: a step that sees most of them at once learns them by heart.</summary>
    private static int Batch(DataFingerprint data, StepRoom room, int width, int[] patch)
    {
        var batch = Math.Clamp(data.LabelledTotal / 3 / 2 * 2, SmallestBatch, LargestBatch);
        while (batch > SmallestBatch && !room.Holds(width, patch, batch))
            batch -= 2;
        return batch;
    }

    /// <summary>Samples, not steps, are what a task needs; more where there are many cases or where a patch shows only a part of an image.</summary>
    private static (int First, int Second) Steps(DataFingerprint data, int[] start, int[] patch, int batch, bool wanted, bool stage2)
    {
        var cases = Math.Max(1, Math.Sqrt(data.LabelledTotal / FewCases));
        var cover = Math.Sqrt((double)Geometry.Voxels(start) / Geometry.Voxels(patch));
        var first = Rounded(SamplesPerTask * data.LabelledCases.Count * cases * cover / batch);
        var second = Rounded(first * Stage2PerStage1);
        // What stage 2 would have cost goes to stage 1, so that both ways see as many labelled samples.
        return stage2 ? (first, second) : (wanted ? first : first + second, 0);
    }

    private static int Rounded(double steps) => Math.Clamp((int)Math.Round(steps / 50) * 50, 200, 10_000);
}
