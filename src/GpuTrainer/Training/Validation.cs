using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// Dice on the validation cases, on the grid that the network sees and with few windows: cheap enough to score weights
/// every few hundred steps.
/// </summary>
public sealed class Validation(TrainingData data, VolumeCache cache, TrainingRecipe recipe, Device device)
{
    private readonly IReadOnlyList<CaseReference> _cases = data.In(Split.Validation);
    private readonly InferenceOptions _options = new(Overlap: Math.Min(recipe.Overlap, 0.25), Centres: false);

    /// <summary>False: there is no case to score weights on.</summary>
    public bool IsPossible => _cases.Any(c => data.TasksOf(c).Count > 0);

    /// <summary>Validation cases of the trained task that has the fewest.</summary>
    public static int FewestCases(TrainingData data)
    {
        var cases = data.In(Split.Validation);
        return data.In(Split.Training).SelectMany(data.TasksOf).Distinct()
            .Select(task => cases.Count(c => data.Annotations.Annotates(c.Dataset.Name, task.Id))).DefaultIfEmpty(0).Min();
    }

    /// <summary>False: too few cases to choose weights by, and the last averaged ones are kept.</summary>
    public static bool MayChoose(TrainingData data, TrainingRecipe recipe) => FewestCases(data) >= recipe.ChooseFromCases;

    /// <summary>Of the weights of this step.</summary>
    public (ValidationScore Average, ValidationScore Raw) Score(TrainingState state, CancellationToken cancellation)
    {
        var raw = Score(state, WeightsKind.Raw, cancellation);
        return (Score(state, WeightsKind.Average, cancellation), raw);
    }

    private ValidationScore Score(TrainingState state, WeightsKind kind, CancellationToken cancellation)
    {
        var windows = new SlidingWindow(state.Of(kind), new Size3(recipe.Patch[0], recipe.Patch[1], recipe.Patch[2]), _options, device);
        var dice = _cases.SelectMany(c => Dice(windows, c, cancellation)).GroupBy(score => score.Task).ToDictionary(task => task.Key, task => task.Average(score => score.Dice));
        return new ValidationScore(state.Step, kind, dice.Values.Average(), dice);
    }

    private List<(string Task, double Dice)> Dice(SlidingWindow windows, CaseReference reference, CancellationToken cancellation)
    {
        var tasks = data.TasksOf(reference);
        var volume = cache.GetAsync(reference, cancellation).GetAwaiter().GetResult();
        var probabilities = windows.Predict(volume.Image, [.. tasks.Select(task => new Prompt(task.Column))], cancellation);
        return [.. tasks.Zip(probabilities, (task, p) => (task.Id, Dice(p, volume.Label!.Voxels, data.ForegroundOf(reference, task))))];
    }

    private static double Dice(float[] probability, ushort[] label, Foreground foreground)
    {
        long both = 0, sum = 0;
        for (var i = 0; i < label.Length; i++)
        {
            var (predicted, actual) = (probability[i] > 0.5f, foreground.Has(label[i]));
            both += predicted && actual ? 1 : 0;
            sum += (predicted ? 1 : 0) + (actual ? 1 : 0);
        }
        return sum == 0 ? 1 : 2.0 * both / sum;
    }
}
