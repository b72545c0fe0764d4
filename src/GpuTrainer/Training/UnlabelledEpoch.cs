using VerSemi.Domain.Labels;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>An epoch as far as it has come: in every checkpoint, so that a resumed epoch ends with the same numbers.</summary>
/// <param name="Voxels">As <see cref="UnlabelledCounts.Read"/> gives them.</param>
/// <param name="Expected">By column: sum over labelled samples of the task's share of the sample's volume.</param>
/// <param name="Labelled">By column: labelled samples.</param>
public sealed record UnlabelledTally(int Patches, IReadOnlyList<long> Voxels, IReadOnlyList<double> Expected, IReadOnlyList<int> Labelled);

/// <summary>Gathers <see cref="UnlabelledUse"/> over the steps of an epoch.</summary>
public sealed class UnlabelledEpoch : IDisposable
{
    private readonly LabelSpace _space;
    private readonly HashSet<string> _expectedTasks;
    private readonly double[] _expected;
    private readonly int[] _labelled;
    private int _patches;

    /// <param name="from">What the checkpoint holds; null: the epoch begins.</param>
    public UnlabelledEpoch(TrainingData data, Device device, UnlabelledTally? from = null)
    {
        _space = data.Space;
        _expectedTasks = data.Stage2Images.Select(image => image.Dataset.Name).Distinct().SelectMany(data.Annotations.TasksOf).ToHashSet();
        _expected = from is null ? new double[_space.Columns] : [.. from.Expected];
        _labelled = from is null ? new int[_space.Columns] : [.. from.Labelled];
        _patches = from?.Patches ?? 0;
        Counts = new UnlabelledCounts(_space.Columns, device, from?.Voxels);
    }

    public UnlabelledCounts Counts { get; }

    /// <summary>What is known of a step of stage 2 without the network.</summary>
    public void Add(PatchBatch batch)
    {
        _patches += batch.Tasks.Count;
        foreach (var (task, share) in batch.Tasks.Zip(batch.ForegroundShares))
        {
            _expected[task.Column] += share;
            _labelled[task.Column]++;
        }
    }

    /// <summary>Null while there is nothing to keep.</summary>
    public UnlabelledTally? Tally() => _patches == 0 ? null : new UnlabelledTally(_patches, Counts.Read(), [.. _expected], [.. _labelled]);

    /// <summary>The epoch's numbers, and a new one begins; null in stage 1.</summary>
    public UnlabelledUse? End()
    {
        if (Tally() is not { } tally)
            return null;
        Counts.Clear();
        Array.Clear(_expected);
        Array.Clear(_labelled);
        _patches = 0;
        return UseOf(tally);
    }

    public void Dispose() => Counts.Dispose();

    private UnlabelledUse UseOf(UnlabelledTally tally)
    {
        var (voxels, columns) = (tally.Voxels, _space.Columns);
        var shares = new Dictionary<string, PredictedShare>();
        foreach (var task in _space.ActiveTasks.Where(task => voxels[columns + task.Column] > 0))
            shares[task.Id] = new PredictedShare((double)voxels[task.Column] / voxels[columns + task.Column], Expected(tally, task.Column));
        var (aggregate, synthetic, both, compared) = (voxels[2 * columns], voxels[2 * columns + 1], voxels[2 * columns + 2], voxels[2 * columns + 3]);
        if (compared == 0)
            return UnlabelledUse.Of(tally.Patches, null, shares, _expectedTasks);
        shares[UnlabelledUse.Synthetic] = new PredictedShare((double)synthetic / compared, ExpectedUnion(tally));
        return UnlabelledUse.Of(tally.Patches, aggregate + synthetic == 0 ? 1 : 2.0 * both / (aggregate + synthetic), shares, _expectedTasks);
    }

    private static double? Expected(UnlabelledTally tally, int column) => tally.Labelled[column] == 0 ? null : tally.Expected[column] / tally.Labelled[column];

    /// <summary>Of all tasks that the images can show: at least the largest one's.</summary>
    private double? ExpectedUnion(UnlabelledTally tally) =>
        _space.ActiveTasks.Where(task => _expectedTasks.Contains(task.Id)).Max(task => Expected(tally, task.Column));
}
