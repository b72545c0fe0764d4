using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;

namespace VerSemi.Cli.Weights;

/// <summary>What a state dict does not say of itself, as a person types it; every fault is told at once.</summary>
internal sealed record ModelDescription(LabelSpace Space, ModalityPreprocessing Preprocessing, TrainingRecipe Recipe)
{
    /// <summary>Of a task whose name has no dataset before it.</summary>
    private const string NoDataset = "imported";

    /// <summary>As training plans it for all but CT.</summary>
    private const double LowPercentile = 0.5, HighPercentile = 99.5;

    /// <exception cref="UsageException">Of all options together.</exception>
    public static ModelDescription Parse(string tasks, string modality, string? spacing, string? intensity, string? patch, TrainingRecipe recipe)
    {
        var faults = new List<string>();
        var images = Modality(modality, faults);
        var space = LabelSpace.Empty.Grow(Tasks(tasks, faults).Select(id => (id, id.Split('/')[^1], images)));
        var (low, high, mean, deviation, rule) = Intensity(intensity, images, faults);
        var millimetres = spacing is null ? recipe.Spacing ?? [1, 1, 1] : Numbers(spacing, "--spacing", 3, number => number is > 0 and <= 100, "millimetres along R, A, S, above 0, at most 100, e.g. 1,1,1", faults);
        var sides = patch is null ? recipe.Patch : [.. Numbers(patch, "--patch", 3, number => number is >= 16 and <= 512 && number % 16 == 0, "multiples of 16 along R, A, S, 16…512, e.g. 96,96,96", faults).Select(side => (int)side)];
        return faults.Count == 0
            ? new ModelDescription(space, new ModalityPreprocessing(images, millimetres, rule, low, high, mean, deviation), recipe with { Patch = sides, Norm = FeatureNorm.Batch, Network = NetworkDesign.Reference })
            : throw new UsageException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>As datasets are named by it: a model reads only images of the very same name.</summary>
    private static string Modality(string said, List<string> faults)
    {
        if (ModalityNames.Normalise(said) is { } name)
            return name;
        faults.Add($"--modality is '{said}', which names none. Give that of the images that the weights were trained on, e.g. MRI or CT.");
        return "";
    }

    private static List<string> Tasks(string text, List<string> faults)
    {
        var ids = text.Split(',', StringSplitOptions.TrimEntries).Select(name => name.Contains('/', StringComparison.Ordinal) ? name : $"{NoDataset}/{name}").ToList();
        foreach (var id in ids.Distinct().Where(id => !Slug.IsTaskId(id)))
            faults.Add($"--tasks: '{id}' is no task id: dataset/label, each of lower-case letters, digits and single '-', e.g. task04-hippocampus/anterior.");
        foreach (var twice in ids.GroupBy(id => id).Where(group => group.Count() > 1))
            faults.Add($"--tasks: '{twice.Key}' is there {twice.Count()} times: each prompt column is a task of its own.");
        return ids;
    }

    private static (double Low, double High, double Mean, double Deviation, IntensityRule Rule) Intensity(string? text, string modality, List<string> faults)
    {
        if (text is null && modality == "CT")
            faults.Add("--intensity is missing: CT images are clipped to the window that the weights were trained in, which the file does not say. Give window:LOW,HIGH,MEAN,SD, or none.");
        var (rule, values) = (text ?? "percentiles").Split(':', 2) is [var name, var rest] ? (name, rest) : (text ?? "percentiles", null);
        switch (rule, values)
        {
            case ("none", null):
                return (0, 0, 0, 1, IntensityRule.None);
            case ("percentiles", _):
                var p = values is null ? [LowPercentile, HighPercentile] : Numbers(values, "--intensity percentiles", 2, number => number is >= 0 and <= 100, "two percentiles, 0…100, e.g. 0.5,99.5", faults);
                if (p[0] >= p[1])
                    faults.Add($"--intensity percentiles:{values}: the lower one must lie below the upper one.");
                return (p[0], p[1], 0, 1, IntensityRule.PercentileZScore);
            case ("window", not null):
                var w = Numbers(values, "--intensity window", 4, double.IsFinite, "lower and upper bound, mean and standard deviation, e.g. -175,250,40,80", faults);
                if (w[0] >= w[1] || w[3] <= 0)
                    faults.Add($"--intensity window:{values}: the lower bound must lie below the upper one, the standard deviation above 0.");
                return (w[0], w[1], w[2], w[3], IntensityRule.Window);
            default:
                faults.Add($"--intensity {text} is not a rule: percentiles, percentiles:LOW,HIGH, window:LOW,HIGH,MEAN,SD or none.");
                return default;
        }
    }

    /// <summary>A fault gives ones, so that the other options can be looked at.</summary>
    private static double[] Numbers(string text, string option, int count, Func<double, bool> allowed, string wanted, List<string> faults)
    {
        var numbers = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        if (numbers.Length == count && numbers.All(number => double.IsFinite(number) && allowed(number)))
            return numbers;
        faults.Add($"{option} is {text}: {wanted}.");
        return [.. Enumerable.Range(0, count).Select(i => (double)i + 1)];
    }
}
