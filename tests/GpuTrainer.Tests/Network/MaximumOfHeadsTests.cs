using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

public sealed class MaximumOfHeadsTests
{
    private const int Tasks = 5;

    [Fact]
    public void It_is_the_maximum_of_all_heads_with_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, Tasks, seed: 2);
        var trunk = Trunk(network);
        Prompt[] prompts = [.. Enumerable.Range(0, Tasks).Select(t => new Prompt(t))];
        var (ours, ourGradients) = Run(network, trunk, () => network.MaximalForegroundLogits(trunk, prompts));
        var (plain, plainGradients) = Run(network, trunk, () => network
            .ForegroundLogits(trunk, [.. Enumerable.Range(0, 2 * Tasks).Select(i => i / Tasks)], [.. prompts, .. prompts])
            .unflatten(0, 2, Tasks).amax([1L]));
        Assert.True(allclose(plain, ours, 0, 1e-6));
        Assert.Equal(6, plainGradients.Count);
        Assert.All(plainGradients.Keys, name => Assert.InRange((plainGradients[name] - ourGradients[name]).abs().max().item<float>(), 0, 1e-5 * plainGradients[name].abs().max().item<float>()));
    }

    [Fact]
    public void Without_a_graph_it_is_the_same()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, Tasks, seed: 2);
        Prompt[] prompts = [.. Enumerable.Range(0, Tasks).Select(t => new Prompt(t))];
        var trunk = Trunk(network);
        var with = network.MaximalForegroundLogits(trunk, prompts);
        using var off = no_grad();
        Assert.True(allclose(with, network.MaximalForegroundLogits(trunk, prompts), 0, 1e-6));
    }

    [Fact]
    public void Each_head_is_seen_once_on_the_way()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, Tasks, seed: 2);
        Prompt[] prompts = [new(3), new(0), new(4)];
        var (trunk, seen) = (Trunk(network), new List<(int Head, Tensor Logits)>());
        network.MaximalForegroundLogits(trunk, prompts, (head, logits) => seen.Add((head, logits.clone().DetachFromDisposeScope())));
        Assert.Equal([0, 1, 2], seen.Select(s => s.Head));
        var alone = network.ForegroundLogits(trunk, [0, 1], [prompts[2], prompts[2]]);
        Assert.True(allclose(alone.flatten(1), seen[2].Logits, 0, 1e-6));
    }

    // Its outputs are leaves: below them two voxels a channel are normalised, which magnifies rounding.
    private static TrunkOutput Trunk(VerSemiNetwork network)
    {
        using var off = no_grad();
        using var generator = new Generator(5, CPU);
        var trunk = network.Trunk(randn([2, 1, 16, 32, 16], generator: generator));
        return new TrunkOutput(trunk.Features.requires_grad_(true), trunk.Pooled.requires_grad_(true));
    }

    private static (Tensor Value, Dictionary<string, Tensor> Gradients) Run(VerSemiNetwork network, TrunkOutput trunk, Func<Tensor> ask)
    {
        var leaves = network.named_parameters().Where(p => p.name is "controller.weight" or "controller.bias" or "controller.columns").Select(p => (p.name, (Tensor)p.parameter))
            .Concat([("features", trunk.Features), ("pooled", trunk.Pooled), ("synthetic", network.get_parameter("controller.synthetic")!)]).ToList();
        foreach (var (_, leaf) in leaves)
            leaf.grad = null;
        var value = ask();
        value.sigmoid().Squared().sum().backward();
        return (value.detach(), leaves.ToDictionary(leaf => leaf.Item1, leaf => (leaf.Item2.grad ?? zeros_like(leaf.Item2)).clone()));
    }
}
