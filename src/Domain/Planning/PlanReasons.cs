using System.Globalization;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <param name="Patch">Along R, A, S.</param>
internal sealed record ChosenShape(int Width, int[] Patch, int Batch, int Stage1Steps, int Stage2Steps)
{
    public bool HasStage2 => Stage2Steps > 0;
}

/// <summary>The planner's choices in words, one line each.</summary>
internal static class PlanReasons
{
    /// <param name="median">The median image, in voxels.</param>
    /// <param name="keepsPatch">The patch is the champion's.</param>
    /// <param name="start">The patch before anything was shrunk.</param>
    public static IEnumerable<PlannedChoice> Of(DataFingerprint data, StepRoom room, KnownModel? champion, double[] median, int[] start, ChosenShape chosen, bool keepsPatch)
    {
        foreach (var modality in data.Modalities.Where(modality => champion?.Spacing.ContainsKey(modality.Modality) != true))
            yield return new PlannedChoice("intensity", IntensityRules.Of(modality.Modality) == IntensityRule.Window ? "window" : "z-score", Intensity(modality.Modality));
        yield return new PlannedChoice("width", $"{chosen.Width}", Width(champion, room.Device, chosen));
        yield return new PlannedChoice("patch", $"{Geometry.Text(chosen.Patch)} voxels", keepsPatch ? $"as the champion {champion!.Name}: growth by the head alone leaves every old answer as it is, to the bit" : Patch(room, median, start, chosen));
        yield return new PlannedChoice("batch", $"{chosen.Batch} + {chosen.Batch} samples", Batch(data, room, chosen));
        yield return new PlannedChoice("steps", $"{chosen.Stage1Steps} + {chosen.Stage2Steps}", Steps(data, median, chosen));
    }

    private static string Intensity(string modality) => IntensityRules.Of(modality) == IntensityRule.Window
        ? $"{modality} has one scale for all images: clipped to the 0.5 and 99.5 percentiles of the body in the training images"
        : $"{modality} has no scale that two images share: each is clipped to its own 0.5 and 99.5 percentiles";

    private static string Width(KnownModel? champion, DeviceFacts device, ChosenShape chosen) =>
        champion is not null ? $"as the champion {champion.Name}, whose weights the training starts from"
        : chosen.Width == new TrainingRecipe().Width ? "the reference's"
        : $"a wider network leaves no room for a useful patch in {Geometry.Gibibytes(device.MemoryBytes)} of {device.Name}";

    private static string Patch(StepRoom room, double[] median, int[] start, ChosenShape chosen)
    {
        var image = $"the median image has {Geometry.Text(median.Select(side => (int)Math.Round(side)))} voxels";
        if (chosen.Patch.SequenceEqual(start))
            return $"{image}; each side to the nearest multiple of 16";
        var before = $"{image}, that is a patch of {Geometry.Text(start)}";
        return room.BytesOf(chosen.Width, start, RecipePlanner.SmallestBatch) > room.Bytes
            ? $"{before}; shrunk along its largest side until 2 + 2 samples fit into the {Geometry.Gibibytes(room.Bytes)} that a step may take of {room.Device.Name}"
            : $"{before}; shrunk along its largest side to what {room.Device.Cores} cores do in seconds";
    }

    private static string Batch(DataFingerprint data, StepRoom room, ChosenShape chosen) =>
        $"at most a third of the {data.LabelledTotal} labelled cases; such a step takes {Geometry.Gibibytes(room.BytesOf(chosen.Width, chosen.Patch, chosen.Batch))} of the {Geometry.Gibibytes(room.Bytes)} that it may take of {room.Device.Name}";

    private static string Steps(DataFingerprint data, double[] median, ChosenShape chosen)
    {
        // The patch was rounded to whole blocks: along an axis it may show less than the image, or nothing more.
        var share = Geometry.PerAxis(axis => Math.Min(chosen.Patch[axis], median[axis]) / median[axis]).Aggregate(1.0, (product, axis) => product * axis);
        var second = chosen.HasStage2 ? $"{data.UnlabelledTotal} unlabelled and {data.PartlyLabelled} partly labelled images for stage 2"
            : "no stage 2: nothing unlabelled, or left out by the recipe";
        return string.Create(CultureInfo.InvariantCulture,
            $"{data.LabelledCases.Count} tasks, {data.LabelledTotal} labelled cases, a patch shows {share:P0} of the median image; {second}");
    }
}
