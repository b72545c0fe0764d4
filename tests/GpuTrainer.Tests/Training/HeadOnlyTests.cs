using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class HeadOnlyTests
{
    private const string Columns = "controller.columns";
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FeatureNorm.Batch)]
    [InlineData(FeatureNorm.Group)]
    [InlineData(FeatureNorm.Batch, NetworkDesign.Fine)]
    public async Task Training_moves_the_new_column_and_no_other_number_in_the_model_or_its_checkpoint(FeatureNorm norm, NetworkDesign design = NetworkDesign.Reference)
    {
        using var store = await GrowingStore.MakeAsync(norm, design, _cancellation);
        store.Trainer(Run(store, norm, design), 1).Run(_cancellation, _cancellation);
        using var champion = await store.NetworkAsync(BlobLayout.Model("main", 1), _cancellation);
        using var candidate = await store.NetworkAsync(BlobLayout.AttemptModel("second", 1), _cancellation);
        var last = await LastAsync(store, 1);
        using var scope = NewDisposeScope(); // after the last await: a scope belongs to its thread

        foreach (var (name, before) in champion.state_dict())
        {
            Assert.Equal(Bytes(before), Bytes(Old(name, candidate.state_dict()[name])));
            Assert.Equal(Bytes(before), Bytes(Old(name, last[$"weights/{name}"])));
            Assert.Equal(Bytes(before), Bytes(Old(name, last[$"average/{name}"])));
        }
        foreach (var (name, moment) in last.Where(entry => entry.Key.StartsWith("adam/", StringComparison.Ordinal)))
            Assert.Equal(0, Old(name, moment).abs().sum().Value());
        using var untrained = new GrownChampion(champion);
        Assert.NotEqual(Bytes(untrained.NewColumn), Bytes(last[$"weights/{Columns}"][2]));
        Assert.NotEqual(Bytes(untrained.NewColumn), Bytes(candidate.state_dict()[Columns][2]));
    }

    [Fact]
    public async Task Old_tasks_answer_every_sealed_case_with_the_champions_bits()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        store.Trainer(Run(store), 1).Run(_cancellation, _cancellation);
        var machine = new TrainerOptions { Threads = 1 };
        using var champion = await Segmenter.LoadAsync(store.Blobs, BlobLayout.Model("main", 1), machine, null, _cancellation);
        using var candidate = await Segmenter.LoadAsync(store.Blobs, BlobLayout.AttemptModel("second", 1), machine, null, _cancellation);
        var tasks = champion.Model.LabelSpace.Tasks;
        foreach (var reference in store.First.In(Split.Test).Select(entry => new CaseReference(store.First, entry)))
        {
            var image = await reference.ReadImageAsync(store.Blobs, _cancellation);
            var before = champion.Segment(image, "MRI", tasks, _cancellation).ToList();
            var after = candidate.Segment(image, "MRI", tasks, _cancellation).ToList();
            Assert.Equal(2, after.Count);
            Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Probability.Voxels, pair.Second.Probability.Voxels));
            Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Temperatures, pair.Second.Temperatures));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_run_that_was_stopped_ends_with_the_weights_of_one_that_was_not(int stopAfter)
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        store.Trainer(Run(store), 1).Run(_cancellation, _cancellation);
        var straight = await LastAsync(store, 1);
        using var stop = new CancellationTokenSource();
        var stopped = Run(store) with { Run = "stopped" };
        Assert.ThrowsAny<OperationCanceledException>(() => store.Trainer(stopped, 1, done => { if (done == stopAfter) stop.Cancel(); }).Run(stop.Token, _cancellation));
        store.Trainer(stopped, 2).Run(_cancellation, _cancellation);

        var resumed = await LastAsync(store, 2, "stopped");
        Assert.Equal(straight.Keys, resumed.Keys);
        Assert.All(straight, entry => Assert.Equal(Bytes(entry.Value), Bytes(resumed[entry.Key])));
    }

    [Fact]
    public async Task Only_new_tasks_are_sampled_and_every_step_is_of_stage_1()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var run = Run(store);
        store.Trainer(run, 1).Run(_cancellation, _cancellation);
        var lines = await MetricsAsync(store, "second", 1);
        Assert.Equal(8, lines.Count(line => line.Loss is not null));
        Assert.All(lines.Where(line => line.Loss is not null), line => Assert.Equal(["dice", "ce", "specific"], line.Terms!.Keys));
        Assert.All(lines, line => Assert.Equal(1, line.Stage));

        using var growth = await Growth.MakeAsync(run, store.Blobs, CPU, _ => { }, _cancellation);
        var data = growth.DataOf(new TrainingData(run.LabelSpace, [store.First, store.Second]));
        Assert.Equal(["both"], data.Datasets.Select(dataset => dataset.Name));
        Assert.Equal([GrowingStore.NewTask], data.TasksOf(data.In(Split.Training)[0]).Select(task => task.Id));
    }

    [Fact]
    public void The_trunk_of_a_frozen_network_has_no_graph()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 1);
        network.FreezeAllButColumns();
        var trunk = network.Trunk(randn([2, 1, 16, 16, 16]));
        Assert.False(trunk.Features.requires_grad || trunk.Pooled.requires_grad);
        Assert.True(network.ForegroundLogits(trunk, [0, 1], [new Prompt(0), new Prompt(1)]).requires_grad);
    }

    [Fact]
    public async Task The_trial_makes_its_steps_and_knows_of_no_stage_2()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var run = Run(store);
        using var growth = await Growth.MakeAsync(run, store.Blobs, CPU, _ => { }, _cancellation);
        var times = StepTrial.Run(run.Recipe, run.LabelSpace, CPU, growth, _cancellation);

        Assert.True(times.Stage1Seconds > 0);
        Assert.Equal(times.Stage1Seconds, times.Stage2Seconds);
    }

    private static RunSpecification Run(GrowingStore store, FeatureNorm norm = FeatureNorm.Batch, NetworkDesign design = NetworkDesign.Reference) =>
        store.Run(GrowthMode.HeadOnly, change: recipe => recipe with { Norm = norm, Network = design, LearningRate = 0.01, PromptLearningRateFactor = 10 });

    // The rows of old tasks, where the tensor has a row a task.
    private static Tensor Old(string name, Tensor tensor) => name.EndsWith(Columns, StringComparison.Ordinal) ? tensor.narrow(0, 0, 2) : tensor;

    private async Task<IReadOnlyDictionary<string, Tensor>> LastAsync(GrowingStore store, int attempt, string run = "second")
    {
        var folder = BlobLayout.Checkpoints(run, attempt);
        var last = await store.Blobs.ReadJsonAsync<CheckpointPointer>(folder + "last.json", DomainJson.Readable, _cancellation);
        Assert.Equal(8, last.Step);
        return Safetensors.Load(await store.Blobs.LocalCopyAsync(folder + last.File, _cancellation)).Tensors;
    }

    private async Task<List<MetricsLine>> MetricsAsync(GrowingStore store, string run, int attempt)
    {
        using var reader = new StreamReader(await store.Blobs.OpenReadAsync(BlobLayout.AttemptMetrics(run, attempt), _cancellation));
        var lines = (await reader.ReadToEndAsync(_cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => System.Text.Json.JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical)!)];
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().clone().bytes.ToArray();
    }

    /// <summary>The champion with its third column as growth makes it.</summary>
    private sealed class GrownChampion : IDisposable
    {
        private readonly VerSemiNetwork _network;

        public GrownChampion(VerSemiNetwork champion)
        {
            _network = new VerSemiNetwork(champion.Width, champion.Norm, champion.Columns, seed: 0, champion.Design);
            NetworkWeights.Copy(champion.state_dict(), _network, "champion");
            _network.Grow(1, seed: 1);
        }

        public Tensor NewColumn => _network.state_dict()[Columns][2];

        public void Dispose() => _network.Dispose();
    }
}
