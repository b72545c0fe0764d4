using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

/// <summary>The trunk in bfloat16 beside the trunk in float32.</summary>
public sealed class PrecisionTests
{
    private const int Side = 32;

    /// <summary>Of the trainings' patches: what is learnt in 40 steps does not need more.</summary>
    private const int SmallSide = 16;
    private static readonly Prompt[] Tasks = [new(0), new(1)];

    [Theory, InlineData(1), InlineData(2)]
    public void Losses_are_close_to_those_in_float32_and_gradients_point_the_same_way(int stage)
    {
        using var scope = NewDisposeScope();
        var (exact, exactGradient) = Step(stage, TrunkPrecision.Float32);
        var (rounded, gradient) = Step(stage, TrunkPrecision.Bfloat16);
        Assert.All(exact.Keys, term => Assert.Equal(exact[term], rounded[term], 0.01));
        Assert.NotEqual(exact, rounded);
        // A random network's gradient is sensitive: noise of 0.2 % on float32 weights, which is bfloat16's rounding, gives 0.82.
        Assert.InRange(nn.functional.cosine_similarity(exactGradient, gradient, 0).item<float>(), 0.7, 1);
    }

    [Fact]
    public void Weights_their_gradients_and_what_the_heads_read_are_float32()
    {
        using var scope = NewDisposeScope();
        using var network = Network(TrunkPrecision.Bfloat16);
        var trunk = network.Trunk(Batch().Images);
        network.ForegroundLogits(trunk, [0, 1], Tasks).Squared().sum().backward();
        Assert.All([trunk.Features, trunk.Pooled, .. network.state_dict().Values], tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
        Assert.All(network.parameters().Where(p => p.grad is not null), p => Assert.Equal(ScalarType.Float32, p.grad!.dtype));
    }

    [Fact]
    public void It_learns_as_it_does_in_float32()
    {
        var (first, last) = Train(TrunkPrecision.Float32);
        var (roundedFirst, roundedLast) = Train(TrunkPrecision.Bfloat16);
        Assert.True(last < 0.5 * first, $"float32 went from {first} to {last}");
        Assert.True(roundedLast < 0.5 * roundedFirst, $"bfloat16 went from {roundedFirst} to {roundedLast}");
    }

    [Fact]
    public async Task A_model_answers_in_the_precision_that_it_was_trained_in()
    {
        using var store = new SmallStore();
        var cancellation = TestContext.Current.CancellationToken;
        var recipe = SmallStore.Recipe with { Precision = TrunkPrecision.Bfloat16, Stage1Steps = 1, Stage2Steps = 1 };
        new Trainer(store.Run(recipe), 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }).Run(cancellation, cancellation);
        var (_, network) = await ModelFiles.LoadAsync(store.Blobs, BlobLayout.AttemptModel("run", 1), CPU, cancellation);
        using (network)
        {
            Assert.Equal(TrunkPrecision.Bfloat16, network.Precision);
            var size = new Size3(24, 20, 17);
            var volume = new Volume<float>(new Grid(size, Affine.Scaling(1, 1, 1)), [.. Enumerable.Range(0, (int)size.Count).Select(i => MathF.Sin(0.37f * (i % size.X)) + MathF.Cos(0.011f * i))]);
            var windows = new SlidingWindow(network, new Size3(16, 16, 16), new InferenceOptions(), CPU);
            var together = windows.Predict(volume, Tasks, cancellation);
            Assert.All(Tasks, task => Assert.Equal(windows.Predict(volume, [task], cancellation)[0].Select(p => p > 0.5f), together[task.Column].Select(p => p > 0.5f)));
        }
    }

    private static VerSemiNetwork Network(TrunkPrecision precision) => new(4, FeatureNorm.Batch, columns: 2, seed: 1) { Precision = precision };

    private static LabelledBatch Batch(int side = Side)
    {
        using var generator = new Generator(7, CPU);
        long[] shape = [2, side, side, side];
        var labels = zeros(shape);
        Box(labels[0], (6, 12), (8, 14), (10, 16)).copy_(tensor(1f));
        Box(labels[1], (12, 14), (4, 12), (6, 14)).copy_(tensor(1f));
        return new LabelledBatch(labels.Plus(randn(shape, generator: generator).Times(0.3)).unsqueeze(1), labels.to(ScalarType.Int64), Tasks);
    }

    /// <summary>A box in the last three axes: start and length of each in 32nds of it.</summary>
    private static Tensor Box(Tensor volume, params IReadOnlyList<(int Start, int Length)> axes)
    {
        for (var axis = 1; axis <= axes.Count; axis++)
            volume = volume.narrow(-axis, axes[^axis].Start * volume.shape[^axis] / 32, axes[^axis].Length * volume.shape[^axis] / 32);
        return volume;
    }

    private static StepLoss Loss(VerSemiNetwork network, int stage, int side = Side)
    {
        var batch = Batch(side);
        var mask = ones([2, side, side, side]);
        Box(mask, (4, 12), (8, 12), (10, 12)).zero_();
        return stage == 1
            ? VerSemiLoss.Stage1(network, batch, mask.narrow(0, 0, 1), new LossWeights())
            : VerSemiLoss.Stage2(network, batch, batch.Images.flip(2), mask.narrow(0, 0, 1), mask, Tasks, new LossWeights());
    }

    private static (IReadOnlyDictionary<string, double> Terms, Tensor Gradient) Step(int stage, TrunkPrecision precision)
    {
        using var network = Network(precision);
        network.train();
        var loss = Loss(network, stage).Backward();
        return (loss.Terms, cat([.. network.parameters().Select(p => p.grad!.flatten())]));
    }

    private static (double First, double Last) Train(TrunkPrecision precision)
    {
        using var network = Network(precision);
        using var adam = new Adam(network, 0.5, 0.999);
        network.train();
        var losses = new List<double>();
        for (var step = 0; step < 40; step++)
        {
            using var scope = NewDisposeScope();
            adam.ClearGradients();
            losses.Add(Loss(network, 1, SmallSide).Backward().Total);
            adam.Step(step, 3e-3);
        }
        return (losses[0], losses[^1]);
    }
}
