using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>One model on the cases of one split, scored on each image's own grid.</summary>
/// <param name="data">Names tasks as the newest label space does: two models' reports speak of the same tasks.</param>
/// <param name="keep">Takes each case's combined label map.</param>
public sealed class Evaluator(IBlobStore store, TrainingData data, Action<int, int>? progress = null, Action<CaseReference, Volume<ushort>>? keep = null)
{
    private sealed record HashedCase(string Dataset, string Case, string Image, string? Label);

    /// <summary>The hash over the ordered cases of a split: whatever model is evaluated, the same cases.</summary>
    public string CasesHash(Split split) =>
        ContentHash.Of(data.In(split).Select(c => new HashedCase(c.Dataset.Name, c.Entry.Id, c.Entry.Image, c.Entry.Label)).ToList());

    /// <summary>
    /// Scores every task that a case is annotated for and the model has a column for. A case that has none of them gives
    /// no score, but counts in the hash of the cases.
    /// </summary>
    /// <param name="name">How the report calls the model.</param>
    /// <param name="split">Which cases; sealed test for judgement.</param>
    public EvaluationReport Evaluate(Segmenter segmenter, string name, Split split, CancellationToken cancellation)
    {
        var cases = data.In(split);
        var scores = new List<CaseScore>();
        var reliability = new SortedDictionary<string, (TaskTemperatures Temperatures, Reliability Seen)>(StringComparer.Ordinal);
        for (var i = 0; i < cases.Count; i++)
        {
            progress?.Invoke(i, cases.Count);
            scores.AddRange(Score(segmenter, cases[i], reliability, cancellation));
        }
        progress?.Invoke(cases.Count, cases.Count);
        return new EvaluationReport(name, segmenter.Model.LabelSpaceHash, CasesHash(split), scores)
        {
            Weights = segmenter.Model.Weights,
            Calibration = [.. reliability.Select(task => new TaskCalibration(task.Key, task.Value.Temperatures,
                task.Value.Seen.ExpectedCalibrationError(TaskTemperatures.None), task.Value.Seen.ExpectedCalibrationError(task.Value.Temperatures), task.Value.Seen.Voxels))],
        };
    }

    private IEnumerable<CaseScore> Score(
        Segmenter segmenter, CaseReference reference, SortedDictionary<string, (TaskTemperatures Temperatures, Reliability Seen)> reliability, CancellationToken cancellation)
    {
        var tasks = KnownTasks(segmenter, reference);
        if (tasks.Count == 0)
            yield break;
        var image = reference.ReadImageAsync(store, cancellation).GetAwaiter().GetResult();
        var label = reference.ReadLabelAsync(store, cancellation).GetAwaiter().GetResult();
        var map = keep is null ? null : new CombinedLabelMap(image.Grid);
        foreach (var result in segmenter.Segment(image, reference.Dataset.Modality, tasks, cancellation))
        {
            var truth = data.ForegroundOf(reference, result.Task).MaskOf(label.Voxels);
            map?.Add(result);
            var mask = result.Mask();
            var metrics = SegmentationMetrics.Compare(mask, truth, image.Size, image.Grid.Spacing);
            if (!reliability.TryGetValue(result.Task.Id, out var seen))
                reliability[result.Task.Id] = seen = (result.Temperatures, new Reliability());
            seen.Seen.Add(result.Probability.Voxels, truth);
            yield return new CaseScore(reference.Dataset.Name, reference.Entry.Id, result.Task.Id, metrics.Dice, metrics.Jaccard, metrics.Hd95, metrics.Asd, result.Confidence);
        }
        if (map is not null)
            keep!(reference, map.Labels);
    }

    private IReadOnlyList<SegmentationTask> KnownTasks(Segmenter segmenter, CaseReference reference) =>
        segmenter.Model.Preprocessing.Any(rule => rule.Modality == reference.Dataset.Modality)
            ? [.. data.TasksOf(reference).Where(task => segmenter.Model.LabelSpace.Tasks.Any(known => known.Id == task.Id))]
            : [];
}
