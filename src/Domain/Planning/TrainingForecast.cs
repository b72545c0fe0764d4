using System.Globalization;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>What one step, and one window of a validation, took on the device that trains.</summary>
/// <param name="Stage1Seconds">0 where the recipe has no stage 1; stage 2 alike.</param>
/// <param name="WindowSeconds">One window of inference, all tasks.</param>
/// <param name="PeakBytes">The most that the process held during these; null where that is not known, as on a GPU.</param>
public sealed record StepTimes(double Stage1Seconds, double Stage2Seconds, double WindowSeconds, long? PeakBytes = null);

/// <summary>What a training is expected to take.</summary>
/// <param name="Seconds">Steps and validations, on one machine without a break.</param>
/// <param name="MemoryBytes">Peak: of the process on a CPU, of the device on a GPU.</param>
public sealed record TrainingForecast(double Seconds, long MemoryBytes)
{
    /// <summary>What it rests on; null in forecasts of earlier versions.</summary>
    public StepTimes? Times { get; init; }

    /// <summary>Of one validation, raw and averaged weights.</summary>
    public double ValidationSeconds { get; init; }

    /// <summary>Of a plan and what its steps took in a trial.</summary>
    public static TrainingForecast Of(RecipePlan plan, DataFingerprint data, StepTimes times)
    {
        var recipe = plan.Recipe;
        var sizes = Geometry.Resampled(data, plan.Spacing);
        var validations = Math.Ceiling((double)(recipe.Stage1Steps + recipe.Stage2Steps) / recipe.ValidateEvery);
        var windows = sizes.Count == 0 ? 0 : ValidationWindows(recipe, Geometry.Median(sizes));
        var validation = WeightsPerValidation * data.ValidationTotal * windows * times.WindowSeconds;
        var seconds = recipe.Stage1Steps * times.Stage1Seconds + recipe.Stage2Steps * times.Stage2Seconds + validations * validation;
        var step = times.PeakBytes is { } peak ? peak + StepMemory.BesideSteps(recipe) : StepMemory.Of(recipe) + StepMemory.ProcessBytes;
        return new TrainingForecast(seconds, step + Math.Min(plan.Device.CacheBytes, PreparedBytes(data, sizes))) { Times = times, ValidationSeconds = validation };
    }

    public override string ToString() => $"about {Words(Seconds, MemoryBytes)}";

    internal static string Words(double seconds, long? memoryBytes) => memoryBytes is { } bytes ? $"{Words(seconds)}, {Geometry.Gibibytes(bytes)}" : Words(seconds);

    /// <summary>Raw and averaged.</summary>
    private const int WeightsPerValidation = 2;

    /// <summary>A validation's windows overlap by at most this.</summary>
    private const double ValidationOverlap = 0.25;

    private static double ValidationWindows(TrainingRecipe recipe, double[] size) =>
        Geometry.PerAxis(axis => 1 + Math.Max(0, Math.Ceiling((size[axis] - recipe.Patch[axis]) / (recipe.Patch[axis] * (1 - Math.Min(recipe.Overlap, ValidationOverlap))))))
            .Aggregate(1.0, (product, along) => product * along);

    // float images, and 16-bit labels where there are any.
    private static long PreparedBytes(DataFingerprint data, IReadOnlyList<double[]> sizes)
    {
        var labelled = data.LabelledTotal + data.ValidationTotal;
        var mean = sizes.Count == 0 ? 0 : sizes.Average(size => size[0] * size[1] * size[2]);
        return (long)(mean * (sizeof(float) * (labelled + data.UnlabelledTotal) + sizeof(ushort) * labelled));
    }

    private static string Words(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 90 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 48 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0.0} days"),
    };
}
