using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;

namespace VerSemi.GpuTrainer.Tests.Data;

/// <summary>Two datasets with the same images, of which each annotates another ball: missing is not background.</summary>
public sealed class PartialLabelTests : IDisposable
{
    private readonly SmallStore _store = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TaskSampling.Balanced, 0.5)]
    [InlineData(TaskSampling.SquareRoot, 0.586)] // √4 : √2
    [InlineData(TaskSampling.Proportional, 0.667)] // 4 : 2
    public async Task A_task_meets_only_cases_that_are_annotated_for_it_as_often_as_the_recipe_says(TaskSampling sampling, double share)
    {
        var seen = new List<(int Column, string Case)>();
        var sampler = await SamplerAsync(SmallStore.Recipe with { TaskSampling = sampling, ForegroundShare = 1 });
        for (var step = 0; step < 150; step++)
        {
            var batch = await sampler.BatchAsync(1, step, _cancellation);
            seen.AddRange(batch.Tasks.Select(task => task.Column).Zip(batch.Cases));
        }
        Assert.All(seen, sample => Assert.StartsWith(sample.Column == 0 ? "balls/" : "other/", sample.Case, StringComparison.Ordinal));
        Assert.Equal(share, seen.Count(sample => sample.Column == 0) / (double)seen.Count, 0.02);
        // Within a task every case as often as the others, but for the last round's part.
        Assert.All(seen.GroupBy(sample => sample.Column), task =>
        {
            var visits = task.CountBy(sample => sample.Case).Select(pair => pair.Value).ToList();
            Assert.Equal(task.Key == 0 ? 4 : 2, visits.Count);
            Assert.InRange(visits.Max() - visits.Min(), 0, 3);
        });
    }

    [Fact]
    public async Task A_label_is_the_foreground_of_the_samples_own_task_alone()
    {
        var sampler = await SamplerAsync(SmallStore.Recipe with { ForegroundShare = 1 });
        for (var step = 0; step < 6; step++)
        {
            var batch = await sampler.BatchAsync(1, step, _cancellation);
            // Both balls are in every image; the right one is the brighter.
            foreach (var (task, image, label) in batch.Tasks.Zip(batch.Images.Chunk(16 * 16 * 16), batch.Labels.Chunk(16 * 16 * 16)))
                Assert.Equal(task.Column == 1, image.Zip(label).Where(voxel => voxel.Second == 1).Average(voxel => voxel.First) - image.Min() > 5.7);
        }
    }

    [Fact]
    public async Task A_case_that_no_active_task_of_its_dataset_is_left_for_is_not_asked_at_all()
    {
        var merged = new LabelSpace(1, [new("balls/left", "left", "MRI", 0), new("balls/right", "right", "MRI", 1, MergedInto: "balls/left")]);
        var sampler = new PatchSampler(new TrainingData(merged, [_store.Manifest]), Cache, SmallStore.Recipe, seed: 1);
        for (var step = 0; step < 6; step++)
            Assert.All((await sampler.BatchAsync(1, step, _cancellation)).Tasks, task => Assert.Equal(0, task.Column));
    }

    public void Dispose() => _store.Dispose();

    private VolumeCache Cache => new(_store.Blobs, new Dictionary<string, ModalityPreprocessing> { ["MRI"] = new("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0.5, 99.5) }, 1 << 30);

    private async Task<PatchSampler> SamplerAsync(TrainingRecipe recipe)
    {
        var left = _store.Manifest with { Labels = [_store.Manifest.Labels[0]] };
        var right = _store.Manifest with { Name = "other", Labels = [new LabelDeclaration(2, "other/right", "right")], Cases = [.. _store.Manifest.In(Split.Training).Take(2)] };
        await foreach (var blob in _store.Blobs.ListAsync(BlobLayout.Dataset("balls") + "voxels/", _cancellation))
        {
            await using var content = await _store.Blobs.OpenReadAsync(blob.Path, _cancellation);
            await _store.Blobs.WriteAsync(BlobLayout.Dataset("other") + "voxels/" + Path.GetFileName(blob.Path), content, cancellation: _cancellation);
        }
        var space = LabelSpace.Empty.Grow([("balls/left", "left", "MRI"), ("other/right", "right", "MRI")]);
        return new PatchSampler(new TrainingData(space, [left, right]), Cache, recipe, seed: 1);
    }
}
