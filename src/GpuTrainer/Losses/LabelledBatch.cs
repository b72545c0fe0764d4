using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>A task that a sample of a batch is annotated for.</summary>
public readonly record struct Annotation(int Sample, Prompt Task);

/// <summary>
/// A batch of labelled samples. Each has a task of its own, which the mixed images ask, and the labels of further tasks
/// that its image is annotated for. A task without a label here is unknown in that image, not background.
/// </summary>
/// <param name="Images">(N, 1, D, H, W), N even.</param>
/// <param name="Labels">(N + M, D, H, W), 0 or 1, any type: foreground of each sample's own task, then of each of <paramref name="Others"/>.</param>
/// <param name="Tasks">The samples' own tasks.</param>
/// <param name="Others">M further annotations, none of them a sample's own task; null: none.</param>
/// <param name="Union">(N, D, H, W), 0 or 1: foreground of any task that the image is annotated for; null: the union of the labels.</param>
public sealed record LabelledBatch(Tensor Images, Tensor Labels, IReadOnlyList<Prompt> Tasks, IReadOnlyList<Annotation>? Others = null, Tensor? Union = null)
{
    /// <summary>N.</summary>
    public int Samples => Tasks.Count;

    /// <summary>In the order of <see cref="Labels"/>.</summary>
    public IReadOnlyList<Annotation> Annotations => [.. Tasks.Select((task, sample) => new Annotation(sample, task)), .. Others ?? []];

    /// <summary>The place of a sample's label of a task among <see cref="Annotations"/>; null where it has none.</summary>
    public int? Find(int sample, Prompt task)
    {
        var place = Annotations.ToList().IndexOf(new Annotation(sample, task));
        return place < 0 ? null : place;
    }

    /// <summary>Labels as float32: (places, D, H, W).</summary>
    public Tensor LabelsAt(IReadOnlyList<int> places) =>
        Labels.index_select(0, tensor([.. places.Select(place => (long)place)], ScalarType.Int64, Labels.device)).to(ScalarType.Float32);

    /// <summary>Each sample's own label as float32: (N, D, H, W).</summary>
    public Tensor OwnLabels() => Labels.narrow(0, 0, Samples).to(ScalarType.Float32);

    /// <summary>Foreground of any annotated task as float32: (N, D, H, W).</summary>
    public Tensor UnionLabels()
    {
        if (Union is not null)
            return Union.to(ScalarType.Float32);
        using var scope = NewDisposeScope();
        var union = OwnLabels();
        if (Others is { Count: > 0 })
            union = stack([.. Enumerable.Range(0, Samples).Select(sample =>
                LabelsAt([.. Annotations.Select((annotation, place) => (annotation, place)).Where(entry => entry.annotation.Sample == sample).Select(entry => entry.place)]).amax([0]))]);
        return union.MoveToOuterDisposeScope();
    }
}
