using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Metrics;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Temperatures of a trained model's tasks, fitted on validation cases as they are segmented: whole images, on their own grids.</summary>
public static class Calibration
{
    /// <param name="segmenter">Of the trained weights.</param>
    /// <param name="wanted">Tasks to be fitted.</param>
    /// <returns>By task id; without tasks that no validation case marks.</returns>
    public static IReadOnlyDictionary<string, TaskTemperatures> Fit(Segmenter segmenter, IBlobStore store, TrainingData data, Func<SegmentationTask, bool> wanted, CancellationToken cancellation)
    {
        var seen = new SortedDictionary<string, Reliability>(StringComparer.Ordinal);
        foreach (var reference in data.In(Split.Validation))
        {
            var tasks = data.TasksOf(reference).Where(wanted).ToList();
            if (tasks.Count == 0)
                continue;
            var image = reference.ReadImageAsync(store, cancellation).GetAwaiter().GetResult();
            var label = reference.ReadLabelAsync(store, cancellation).GetAwaiter().GetResult();
            foreach (var result in segmenter.Segment(image, reference.Dataset.Modality, tasks, cancellation))
            {
                if (!seen.TryGetValue(result.Task.Id, out var reliability))
                    seen[result.Task.Id] = reliability = new Reliability();
                reliability.Add(result.Probability.Voxels, data.ForegroundOf(reference, result.Task).MaskOf(label.Voxels));
            }
        }
        var temperatures = new SortedDictionary<string, TaskTemperatures>(StringComparer.Ordinal);
        foreach (var (task, reliability) in seen)
            if (reliability.Fit() is { } fitted)
                temperatures[task] = fitted;
        return temperatures;
    }
}
