using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class AccumulationTests
{
    private static readonly Size3 Patch = new(16, 32, 16);

    [Fact]
    public void A_steps_loss_terms_and_gradient_are_the_mean_of_its_micro_batches()
    {
        using var scope = NewDisposeScope();
        var recipe = SmallStore.Recipe with { Accumulate = 2, GradientClip = 0 };
        PatchBatch[] batches = [Batch(1), Batch(2)];
        using var store = new SmallStore();
        using var state = new TrainingState(new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 1), recipe, CPU);
        var (expected, gradients) = Separately(batches);
        var queue = new Queue<PatchBatch>(batches);
        var report = new TrainingStep(state, recipe, new Schedule(recipe), store.Run().LabelSpace, CPU, warm: false).Run(queue.Dequeue);
        Assert.Empty(queue);
        Assert.Equal(expected.Average(loss => loss.Total), report.Loss, 1e-6);
        Assert.All(report.Terms, term => Assert.Equal(expected.Average(loss => loss.Terms[term.Key]), term.Value, 1e-6));
        // Adam's first moment after one step is (1 − β1) times the gradient.
        foreach (var (name, moment) in state.Optimiser.State.Where(entry => entry.Name.StartsWith("first/", StringComparison.Ordinal)))
            Assert.True(allclose(gradients[name["first/".Length..]].Times(1 - recipe.Beta1), moment, 1e-4, 1e-6), name);
    }

    private static (List<(double Total, IReadOnlyDictionary<string, double> Terms)> Losses, Dictionary<string, Tensor> Gradients) Separately(PatchBatch[] batches)
    {
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 1);
        network.train();
        var losses = new List<(double, IReadOnlyDictionary<string, double>)>();
        var gradients = network.named_parameters().ToDictionary(p => p.name, p => zeros_like(p.parameter).detach());
        foreach (var batch in batches)
        {
            foreach (var parameter in network.parameters())
                parameter.grad = null;
            var loss = VerSemiLoss.Stage1(network, new LabelledBatch(
                tensor(batch.Images, [2, 1, 16, 32, 16]), tensor(batch.Labels, [2, 16, 32, 16]).to(ScalarType.Int64), batch.Tasks), tensor(batch.Mask, [1, 16, 32, 16]), new LossWeights()).Backward();
            losses.Add((loss.Total, loss.Terms));
            foreach (var (name, parameter) in network.named_parameters())
                gradients[name].AddInPlace(parameter.grad!.Over(batches.Length));
        }
        return (losses, gradients);
    }

    private static PatchBatch Batch(int seed)
    {
        var random = CounterRandom.At(seed);
        float[] images = [.. Enumerable.Range(0, 2 * (int)Patch.Count).Select(_ => (float)random.NextDouble())];
        float[] mask = [.. Enumerable.Range(0, (int)Patch.Count).Select(i => i % 3 == 0 ? 0f : 1f)];
        return new PatchBatch { Patch = Patch, Images = images, Labels = Array.ConvertAll(images, v => v > 0.8 ? (byte)1 : (byte)0), Tasks = [new(0), new(1)], Mask = mask, Cases = [$"case{seed}"] };
    }
}
