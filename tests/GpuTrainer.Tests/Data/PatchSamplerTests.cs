using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Tests.Data;

public sealed class PatchSamplerTests : IDisposable
{
    private readonly SmallStore _store = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AugmentationSet.None)]
    [InlineData(AugmentationSet.Standard)]
    public async Task A_step_has_the_same_samples_whoever_asks_first(AugmentationSet augmentation)
    {
        var recipe = SmallStore.Recipe with { Augmentation = augmentation, FlipAxes = [BodyAxis.LeftRight] };
        var forwards = Sampler(recipe, cacheBytes: 1 << 30);
        var backwards = Sampler(recipe, cacheBytes: 0);
        var expected = new List<PatchBatch>();
        for (var step = 0; step < 4; step++)
            expected.Add(await forwards.BatchAsync(2, step, _cancellation));
        var found = await Task.WhenAll(Enumerable.Range(0, 4).Reverse().Select(step => Task.Run(() => backwards.BatchAsync(2, step, _cancellation))));
        foreach (var (a, b) in expected.Zip(found.Reverse()))
        {
            Assert.Equal(a.Cases, b.Cases);
            Assert.Equal(a.Images, b.Images);
            Assert.Equal(a.Labels, b.Labels);
            Assert.Equal(a.Union, b.Union);
            Assert.Equal(a.Mask, b.Mask);
            Assert.Equal(a.Unlabelled, b.Unlabelled);
            Assert.Equal(a.UnlabelledMask, b.UnlabelledMask);
        }
    }

    [Fact]
    public async Task Another_seed_or_step_has_other_samples()
    {
        var batch = await Sampler().BatchAsync(1, 0, _cancellation);
        Assert.NotEqual(batch.Images, (await Sampler().BatchAsync(1, 1, _cancellation)).Images);
        Assert.NotEqual(batch.Images, (await Sampler(seed: 2).BatchAsync(1, 0, _cancellation)).Images);
    }

    [Fact]
    public async Task Augmentation_varies_labelled_and_unlabelled_patches_alike()
    {
        var plain = await Sampler().BatchAsync(2, 0, _cancellation);
        var always = new AugmentationRanges { NoiseProbability = 1 };
        var varied = await Sampler(SmallStore.Recipe with { Augmentation = AugmentationSet.Standard, AugmentationRanges = always }).BatchAsync(2, 0, _cancellation);
        Assert.Equal(plain.Cases, varied.Cases);
        Assert.All(plain.Images.Chunk(16 * 16 * 16).Zip(varied.Images.Chunk(16 * 16 * 16)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.All(plain.Unlabelled!.Chunk(16 * 16 * 16).Zip(varied.Unlabelled!.Chunk(16 * 16 * 16)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public async Task Strong_augmentation_gives_the_network_other_intensities_of_the_same_unlabelled_patches()
    {
        var plain = await Sampler().BatchAsync(2, 0, _cancellation);
        var recipe = SmallStore.Recipe with { StrongAugmentation = 1 };
        var strong = await Sampler(recipe).BatchAsync(2, 0, _cancellation);
        Assert.Null(plain.Strong);
        Assert.Equal(plain.Unlabelled, strong.Unlabelled);
        Assert.All(strong.Unlabelled!.Chunk(16 * 16 * 16).Zip(strong.Strong!.Chunk(16 * 16 * 16)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(strong.Strong, (await Sampler(recipe).BatchAsync(2, 0, _cancellation)).Strong);
        Assert.Null((await Sampler(recipe).BatchAsync(1, 0, _cancellation)).Strong);
    }

    [Fact]
    public async Task Tasks_and_their_cases_are_visited_equally_often()
    {
        var sampler = Sampler();
        var seen = new List<(int Column, string Case)>();
        for (var step = 0; step < 8; step++)
        {
            var batch = await sampler.BatchAsync(1, step, _cancellation);
            seen.AddRange(batch.Tasks.Select(t => t.Column).Zip(batch.Cases));
        }
        Assert.Equal(8, seen.CountBy(s => s).Count());
        Assert.All(seen.CountBy(s => s), count => Assert.Equal(2, count.Value));
    }

    [Fact]
    public async Task A_forced_centre_lies_in_the_foreground_of_the_samples_task()
    {
        var sampler = Sampler(SmallStore.Recipe with { ForegroundShare = 1 });
        for (var step = 0; step < 4; step++)
        {
            var batch = await sampler.BatchAsync(1, step, _cancellation);
            Assert.All(batch.Labels.Chunk(16 * 16 * 16).Take(batch.Tasks.Count), labels => Assert.Contains((byte)1, labels));
        }
    }

    [Fact]
    public async Task Every_task_that_a_samples_image_is_annotated_for_has_a_label_in_the_batch()
    {
        var batch = await Sampler(SmallStore.Recipe with { ForegroundShare = 1 }).BatchAsync(1, 0, _cancellation);
        Assert.Equal(batch.Tasks.Select((task, sample) => (sample, 1 - task.Column)), batch.Others.Select(other => (other.Sample, other.Task.Column)));
        var labels = batch.Labels.Chunk(16 * 16 * 16).ToList();
        Assert.Equal(2 * batch.Tasks.Count, labels.Count);
        foreach (var (union, sample) in batch.Union!.Chunk(16 * 16 * 16).Select((union, sample) => (union, sample)))
            Assert.Equal(labels[sample].Zip(labels[batch.Tasks.Count + sample], Math.Max), union);
    }

    [Fact]
    public async Task Each_task_meets_its_foreground_in_turn()
    {
        var sampler = Sampler(SmallStore.Recipe with { ForegroundShare = 0.5 });
        var forced = new List<(int Column, bool HasForeground)>();
        for (var step = 0; step < 20; step++)
        {
            var batch = await sampler.BatchAsync(1, step, _cancellation);
            forced.AddRange(batch.Tasks.Select((task, sample) => (task.Column, batch.Labels.Skip(sample * 4096).Take(4096).Contains((byte)1))));
        }
        Assert.All(forced.GroupBy(sample => sample.Column), task => Assert.True(task.Chunk(2).All(pair => pair.Any(sample => sample.HasForeground))));
    }

    [Fact]
    public async Task A_mask_is_one_but_for_one_cube_of_the_ratios_side()
    {
        var batch = await Sampler().BatchAsync(1, 0, _cancellation);
        Assert.Equal(10 * 10 * 10, batch.Mask.Count(m => m == 0)); // int(2/3 · 16)
        Assert.All(batch.Mask, m => Assert.True(m is 0 or 1));
    }

    [Fact]
    public void A_volume_smaller_than_the_patch_lies_in_its_middle()
    {
        var volume = new Volume<float>(new Grid(new Size3(1, 2, 3), Affine.Scaling(1, 1, 1)), [1, 2, 3, 4, 5, 6]);
        var random = CounterRandom.At(1);
        var (patch, target) = (new Size3(4, 4, 4), new float[64]);
        var corner = Patches.RandomCorner(volume.Size, patch, ref random);
        Patches.Copy(volume, corner, patch, target);
        Assert.Equal((-1, -1, 0), corner);
        Assert.Equal(21, target.Sum());
        Assert.Equal(4, target[1 + 4 * (2 + 4 * 1)]);
    }

    [Fact]
    public async Task Batches_come_in_the_order_of_their_steps_however_long_each_takes()
    {
        var gate = new TaskCompletionSource();
        var empty = await Sampler().BatchAsync(1, 0, _cancellation);
        using var stream = new BatchStream(async (step, _) =>
        {
            if (step == 0)
                await gate.Task;
            else if (step == 2)
                gate.SetResult();
            return empty with { Cases = [$"{step}"] };
        }, 0, 6, ahead: 4, _cancellation);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], Enumerable.Range(0, 6).Select(_ => stream.Next().Cases[0]));
        Assert.True(stream.Waiting > TimeSpan.Zero);
    }

    public void Dispose() => _store.Dispose();

    private PatchSampler Sampler(TrainingRecipe? recipe = null, int seed = 1, long cacheBytes = 1 << 30)
    {
        var data = new TrainingData(_store.Run().LabelSpace, [_store.Manifest]);
        var rules = new Dictionary<string, ModalityPreprocessing> { ["MRI"] = new("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0.5, 99.5) };
        return new PatchSampler(data, new VolumeCache(_store.Blobs, rules, cacheBytes), recipe ?? SmallStore.Recipe, seed);
    }
}
