using VerSemi.Benchmarks.Speed;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Losses;

/// <summary>One trunk pass for all prompts beside one network pass for each, the reference's data flow.</summary>
public sealed class OneTrunkPassTests
{
    private const int Tasks = 4;
    private static readonly long[] Patch = [32, 32, 32];

    [Fact]
    public void Stage_2s_loss_and_gradients_are_those_of_separate_passes()
    {
        using var scope = NewDisposeScope();
        var (ours, ourGradients) = Run((network, batch, u, half, mask, tasks) => VerSemiLoss.Stage2(network, batch, u, half, mask, tasks, new LossWeights()).Backward().Total);
        var (theirs, theirGradients) = Run(Separately);
        Assert.Equal(theirs, ours, 1e-4);
        Assert.InRange(((ourGradients - theirGradients).norm() / theirGradients.norm()).item<float>(), 0, 1e-4);
    }

    private static double Separately(VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor half, Tensor mask, IReadOnlyList<Prompt> tasks)
    {
        var total = SeparatePasses.Stage2(network, batch, unlabelled, half, mask, tasks);
        total.backward();
        return total.item<float>();
    }

    private static (double Loss, Tensor Gradients) Run(Func<VerSemiNetwork, LabelledBatch, Tensor, Tensor, Tensor, IReadOnlyList<Prompt>, double> loss)
    {
        using var generator = new Generator(4, CPU);
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, Tasks, seed: 1);
        network.train();
        Prompt[] tasks = [.. Enumerable.Range(0, Tasks).Select(column => new Prompt(column))];
        var batch = new LabelledBatch(rand([4, 1, .. Patch], generator: generator), rand([4, .. Patch], generator: generator).Above(0.7).to(ScalarType.Int64), tasks);
        var mask = ones([4, .. Patch]);
        mask.narrow(1, 6, 14).narrow(2, 9, 14).narrow(3, 12, 14).zero_();
        var total = loss(network, batch, rand([4, 1, .. Patch], generator: generator), mask.narrow(0, 0, 2), mask, tasks);
        return (total, cat([.. network.parameters().Select(p => p.grad!.flatten())]));
    }
}
