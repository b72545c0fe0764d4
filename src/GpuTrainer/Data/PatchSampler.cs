using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Augmentation;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>
/// The samples of every step, as a pure function of (seed, stage, step, sample). Tasks are visited in random order, as
/// often as the recipe says, and the cases of a task equally often; a task meets only cases that are annotated for it.
/// </summary>
public sealed class PatchSampler
{
    // Their numbers are coordinates of the random numbers: new ones come last.
    private enum Draw { TaskOrder, CaseOrder, UnlabelledOrder, Labelled, Unlabelled, Mask, UnlabelledMask, LabelledAugmentation, UnlabelledAugmentation, StrongAugmentation }

    private readonly TrainingData _data;
    private readonly VolumeCache _cache;
    private readonly TrainingRecipe _recipe;
    private readonly int _seed;
    private readonly Size3 _patch;
    private readonly PatchCutter _cutter;
    private readonly IReadOnlyList<(SegmentationTask Task, IReadOnlyList<CaseReference> Cases)> _tasks;
    private readonly TaskRounds _rounds;
    private readonly IReadOnlyList<CaseReference> _unlabelled;

    public PatchSampler(TrainingData data, VolumeCache cache, TrainingRecipe recipe, int seed)
    {
        (_data, _cache, _recipe, _seed) = (data, cache, recipe, seed);
        _patch = new Size3(recipe.Patch[0], recipe.Patch[1], recipe.Patch[2]);
        _cutter = new PatchCutter(recipe);
        var training = data.In(Split.Training);
        _tasks = [.. data.Space.ActiveTasks
            .Select(task => (task, (IReadOnlyList<CaseReference>)[.. training.Where(c => data.Annotations.Annotates(c.Dataset.Name, task.Id))]))
            .Where(entry => entry.Item2.Count > 0)];
        if (_tasks.Count == 0)
            throw new DomainException($"None of the datasets {string.Join(", ", data.Datasets.Select(d => d.Name))} has a labelled training case. Drop labelled cases.");
        _rounds = new TaskRounds(recipe.TaskSampling, [.. _tasks.Select(entry => entry.Cases.Count)]);
        _unlabelled = data.Stage2Images;
    }

    /// <param name="stage">1 or 2.</param>
    /// <param name="step">Within the stage, from 0.</param>
    public async Task<PatchBatch> BatchAsync(int stage, int step, CancellationToken cancellation)
    {
        var (count, voxels) = (_recipe.LabelledBatch, (int)_patch.Count);
        var (images, shares) = (new float[count * voxels], new double[count]);
        var samples = Enumerable.Range(0, count).Select(i => LabelledAt(stage, (long)step * count + i)).ToList();
        List<string> cases = [.. samples.Select(sample => sample.Case.Name)];
        var cuts = new LabelCuts(_data, [.. samples.Select(sample => (sample.Case, sample.Task))], step, voxels);
        for (var i = 0; i < count; i++)
        {
            var place = i;
            shares[i] = await CutLabelledAsync(samples[i], draw => CounterRandom.At(_seed, stage, step, place, (int)draw), images.AsMemory(i * voxels, voxels), cuts[i], cancellation);
        }
        var batch = new PatchBatch
        {
            Patch = _patch,
            Images = images,
            Labels = cuts.Masks(),
            Tasks = cuts.Tasks,
            Others = cuts.Others,
            Union = cuts.Union(),
            Mask = Masks(stage, step, count / 2, Draw.Mask),
            Cases = cases,
            ForegroundShares = shares,
        };
        if (stage == 1)
            return batch;
        var unlabelled = await CutUnlabelledAsync(step, cases, cancellation);
        return batch with { Unlabelled = unlabelled, Strong = Strong(unlabelled, step), UnlabelledMask = Masks(stage, step, _recipe.UnlabelledBatch, Draw.UnlabelledMask) };
    }

    private (SegmentationTask Task, CaseReference Case, bool OnForeground) LabelledAt(int stage, long sample)
    {
        var (index, turn) = _rounds.At(sample, round => CounterRandom.At(_seed, stage, round, (int)Draw.TaskOrder));
        var (task, cases) = _tasks[index];
        // In turn, not by chance: in any short run of steps each task meets its foreground as often as the others.
        var onForeground = Math.Floor((turn + 1) * _recipe.ForegroundShare) > Math.Floor(turn * _recipe.ForegroundShare);
        return (task, InTurn(cases, turn, stage, index, Draw.CaseOrder), onForeground);
    }

    private CaseReference InTurn(IReadOnlyList<CaseReference> cases, long turn, int stage, int of, Draw order)
    {
        var (round, place) = Math.DivRem(turn, cases.Count);
        return cases[CounterRandom.At(_seed, stage, round, of, (int)order).Permutation(cases.Count)[place]];
    }

    /// <returns>The task's share of the whole volume.</returns>
    private async Task<double> CutLabelledAsync(
        (SegmentationTask Task, CaseReference Case, bool OnForeground) sample, Func<Draw, CounterRandom> randomOf, Memory<float> image, ushort[] label, CancellationToken cancellation)
    {
        var volume = await _cache.GetAsync(sample.Case, cancellation);
        var (foreground, random) = (_data.ForegroundOf(sample.Case, sample.Task), randomOf(Draw.Labelled));
        var centre = sample.OnForeground ? volume.RandomVoxel(foreground, ref random) : null;
        var corner = centre is { } voxel ? Patches.CornerAround(voxel, volume.Size, _patch) : Patches.RandomCorner(volume.Size, _patch, ref random);
        _cutter.Cut(volume, corner, centre, randomOf(Draw.LabelledAugmentation), image.Span, label);
        return volume.ShareOf(foreground);
    }

    private async Task<float[]> CutUnlabelledAsync(int step, List<string> cases, CancellationToken cancellation)
    {
        var (count, voxels) = (_recipe.UnlabelledBatch, (int)_patch.Count);
        var images = new float[count * voxels];
        for (var i = 0; i < count; i++)
        {
            var reference = InTurn(_unlabelled, (long)step * count + i, 2, 0, Draw.UnlabelledOrder);
            cases.Add(reference.Name);
            var volume = await _cache.GetAsync(reference, cancellation);
            var random = CounterRandom.At(_seed, 2, step, i, (int)Draw.Unlabelled);
            var corner = Patches.RandomCorner(volume.Size, _patch, ref random);
            _cutter.Cut(volume, corner, null, CounterRandom.At(_seed, 2, step, i, (int)Draw.UnlabelledAugmentation), images.AsSpan(i * voxels, voxels), []);
        }
        return images;
    }

    private float[]? Strong(float[] unlabelled, int step)
    {
        if (_recipe.StrongAugmentation == 0)
            return null;
        var (images, voxels) = ((float[])unlabelled.Clone(), (int)_patch.Count);
        for (var i = 0; i < _recipe.UnlabelledBatch; i++)
        {
            var random = CounterRandom.At(_seed, 2, step, i, (int)Draw.StrongAugmentation);
            StrongIntensities.Apply(images.AsSpan(i * voxels, voxels), _patch, _recipe.StrongAugmentation, ref random);
        }
        return images;
    }

    // The edge is one for the batch, the place each sample's own.
    private float[] Masks(int stage, int step, int count, Draw draw)
    {
        var random = CounterRandom.At(_seed, stage, step, (int)draw);
        var ratio = stage == 1 ? _recipe.MixRatio : random.Between(_recipe.MixRatioLow, _recipe.MixRatioHigh);
        var (masks, voxels) = (new float[count * (int)_patch.Count], (int)_patch.Count);
        Array.Fill(masks, 1f);
        for (var i = 0; i < count; i++)
        {
            var place = CounterRandom.At(_seed, stage, step, i, (int)draw);
            PasteCube.Draw(_patch, ratio, ref place).ClearIn(masks.AsSpan(i * voxels, voxels), _patch);
        }
        return masks;
    }
}
