using VerSemi.Domain.Labels;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;

namespace VerSemi.GpuTrainer.Data;

/// <summary>The label patches of a batch, and the masks of the tasks that each of them is annotated for.</summary>
internal sealed class LabelCuts
{
    /// <summary>Most prompts of one image in one step, for the memory that their masks take. Where an image has more, they take turns.</summary>
    private const int MostPrompts = 16;

    private readonly TrainingData _data;
    private readonly IReadOnlyList<(CaseReference Case, SegmentationTask Task)> _samples;
    private readonly ushort[][] _cuts;
    private readonly IReadOnlyList<(int Sample, SegmentationTask Task)> _others;
    private readonly int _voxels;

    /// <param name="samples">Each with its own task.</param>
    /// <param name="voxels">Number in a patch.</param>
    public LabelCuts(TrainingData data, IReadOnlyList<(CaseReference Case, SegmentationTask Task)> samples, int step, int voxels)
    {
        (_data, _samples, _voxels) = (data, samples, voxels);
        _cuts = [.. samples.Select(_ => new ushort[voxels])];
        _others = [.. samples.SelectMany((_, sample) => OthersOf(sample, step).Select(task => (sample, task)))];
    }

    public IReadOnlyList<Prompt> Tasks => [.. _samples.Select(sample => new Prompt(sample.Task.Column))];

    public IReadOnlyList<Annotation> Others => [.. _others.Select(other => new Annotation(other.Sample, new Prompt(other.Task.Column)))];

    /// <summary>The label values of a sample's patch, to be filled.</summary>
    public ushort[] this[int sample] => _cuts[sample];

    /// <summary>(N + M, D, H, W): each sample's own task, then <see cref="Others"/>.</summary>
    public byte[] Masks() => Masks([.. _samples.Select((sample, i) => (i, sample.Task)).Concat(_others).Select(entry => (entry.Item1, _data.ForegroundOf(_samples[entry.Item1].Case, entry.Task)))]);

    /// <summary>(N, D, H, W): any active task.</summary>
    public byte[] Union() => Masks([.. _samples.Select((sample, i) => (i, _data.UnionOf(sample.Case)))]);

    private byte[] Masks(IReadOnlyList<(int Sample, Foreground Foreground)> entries)
    {
        var masks = new byte[entries.Count * _voxels];
        for (var i = 0; i < entries.Count; i++)
            entries[i].Foreground.MaskOf(_cuts[entries[i].Sample]).CopyTo(masks, i * _voxels);
        return masks;
    }

    /// <summary>The task of the sample that is mixed with this one comes first: the specific term reads it.</summary>
    private IEnumerable<SegmentationTask> OthersOf(int sample, int step)
    {
        var (own, mixedWith) = (_samples[sample].Task, _samples[(sample + _samples.Count / 2) % _samples.Count].Task);
        var others = _data.TasksOf(_samples[sample].Case).Where(task => task != own).ToList();
        var turn = others.Count == 0 ? 0 : (int)((long)step * MostPrompts % others.Count);
        return others.Skip(turn).Concat(others.Take(turn)).OrderByDescending(task => task == mixedWith).Take(MostPrompts - 1);
    }
}
