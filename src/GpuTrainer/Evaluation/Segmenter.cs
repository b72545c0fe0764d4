using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;
using VerSemi.Imaging.Preprocessing;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>A task's foreground probability on the image's own grid.</summary>
/// <param name="Probability">The network's own: masks and label maps are made of it.</param>
/// <param name="Temperatures">The model's for this task.</param>
public sealed record TaskProbability(SegmentationTask Task, Volume<float> Probability, TaskTemperatures Temperatures)
{
    /// <summary>What leaves the system: calibrated, and above one half just where <see cref="Probability"/> is.</summary>
    public Volume<float> Calibrated => _calibrated ??= new(Probability.Grid, CalibratedProbability.Of(Probability.Voxels, Temperatures));

    /// <summary>See <see cref="SoftDiceConfidence"/>.</summary>
    public double Confidence => SoftDiceConfidence.Of(Calibrated.Voxels);

    private Volume<float>? _calibrated;

    /// <summary>1 where the two-class argmax says foreground.</summary>
    public byte[] Mask() => Array.ConvertAll(Probability.Voxels, p => p > 0.5f ? (byte)1 : (byte)0);
}

/// <summary>From an image file's voxels to the tasks' probabilities on the image's own grid.</summary>
public sealed class Segmenter(VerSemiNetwork network, ModelManifest model, InferenceOptions options, Device target) : IDisposable
{
    private readonly SlidingWindow _windows = new(network, new Size3(model.Recipe.Patch[0], model.Recipe.Patch[1], model.Recipe.Patch[2]), options, target);

    public ModelManifest Model => model;

    /// <param name="folder">The model's folder in the store, e.g. <see cref="BlobLayout.Model"/>.</param>
    /// <param name="machine">Device and threads.</param>
    /// <param name="options">Null: as the model's recipe says.</param>
    /// <param name="moved">As in <see cref="ModelFiles.LoadAsync"/>.</param>
    public static async Task<Segmenter> LoadAsync(IBlobStore store, string folder, TrainerOptions machine, InferenceOptions? options, CancellationToken cancellation, bool moved = false)
    {
        var place = TorchRuntime.Start(machine.Device, machine.Threads);
        var (manifest, network) = await ModelFiles.LoadAsync(store, folder, place, cancellation, moved);
        return new Segmenter(network, manifest, options ?? InferenceOptions.Of(manifest.Recipe), place);
    }

    public void Dispose()
    {
        network.Dispose();
        HeapReuse.GiveBack();
    }

    /// <summary>
    /// One volume a task, in the order asked, computed as they are read; the memory bound of the options holds as long
    /// as the reader lets go of what it has read.
    /// </summary>
    /// <param name="tasks">Tasks of the model's label space.</param>
    /// <exception cref="DomainException">The model was never trained on this modality.</exception>
    public IEnumerable<TaskProbability> Segment(Volume<float> image, string modality, IReadOnlyList<SegmentationTask> tasks, CancellationToken cancellation)
    {
        var rule = model.Preprocessing.FirstOrDefault(rule => rule.Modality == modality)
            ?? throw new DomainException($"The model knows images of {string.Join(", ", model.Preprocessing.Select(p => p.Modality))}, not of '{modality}'. Name one of these as the image's modality.");
        var prepared = Preprocessor.Prepare(image, rule);
        var most = (int)Math.Max(1, (long)options.MemoryMiB * 1024 * 1024 / (prepared.Size.Count * sizeof(float)));
        foreach (var group in tasks.Chunk(most))
        {
            var probabilities = _windows.Predict(prepared, [.. group.Select(task => new Prompt(task.Column))], cancellation);
            foreach (var (task, voxels) in group.Zip(probabilities))
                yield return new TaskProbability(task, Preprocessor.Restore(new Volume<float>(prepared.Grid, voxels), image.Grid), model.Temperatures.GetValueOrDefault(task.Id, TaskTemperatures.None));
        }
    }
}

/// <summary>
/// The combined label map: each voxel takes the task with the highest foreground probability above one half. Of the network's own
/// probabilities: tasks have temperatures of their own, so that calibrated ones may order two tasks otherwise, and no
/// label map is to depend on calibration.
/// </summary>
public sealed class CombinedLabelMap(Grid grid)
{
    private readonly float[] _highest = new float[grid.Size.Count];

    /// <summary>0 is background; a task's value is its column + 1.</summary>
    public Volume<ushort> Labels { get; } = new(grid, new ushort[grid.Size.Count]);

    public static ushort ValueOf(SegmentationTask task) => (ushort)(task.Column + 1);

    public void Add(TaskProbability task)
    {
        var value = ValueOf(task.Task);
        for (var i = 0; i < _highest.Length; i++)
        {
            var p = task.Probability.Voxels[i];
            if (p > 0.5f && p > _highest[i])
                (_highest[i], Labels.Voxels[i]) = (p, value);
        }
    }
}
