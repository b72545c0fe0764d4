using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

/// <summary>Growth changes no old prediction, by a bit.</summary>
public sealed class GrowthTests
{
    private const int MostTasks = 40;

    public static TheoryData<int, bool, NetworkDesign> BatchesAndModes => new()
    {
        { 1, false, NetworkDesign.Reference }, { 2, false, NetworkDesign.Reference }, { 8, false, NetworkDesign.Reference },
        { 1, true, NetworkDesign.Reference }, { 2, true, NetworkDesign.Reference }, { 8, true, NetworkDesign.Reference },
        { 2, false, NetworkDesign.Fine }, { 2, true, NetworkDesign.Fine },
    };

    [Fact]
    public void Prompts_drawn_wider_leave_every_other_weight_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var plain = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 2, seed: 3);
        using var wide = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 2, seed: 3);
        wide.ScalePrompts(4);
        foreach (var ((name, a), (_, b)) in plain.named_parameters().Zip(wide.named_parameters()))
            Assert.Equal(a.data<float>().Select(value => VerSemiNetwork.IsPrompt(name) ? 4 * value : value), b.data<float>());
    }

    [Theory, MemberData(nameof(BatchesAndModes))]
    public void Old_tasks_logits_stay_bit_identical_from_1_to_40_tasks(int batch, bool training, NetworkDesign design)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 1, seed: 3, design);
        network.train(training);
        using var generator = new Generator(5, CPU);
        var images = randn([batch, 1, 16, 32, 16], generator: generator);
        var samples = Enumerable.Range(0, batch).ToArray();
        var before = new Dictionary<Prompt, float[]>();
        for (var tasks = 1; tasks <= MostTasks; tasks++)
        {
            using var step = NewDisposeScope();
            var trunk = network.Trunk(images);
            Prompt[] asked = [Prompt.Synthetic, new(0), new(tasks / 2), new(tasks - 1)];
            var now = asked.Concat(before.Keys).Distinct().ToDictionary(prompt => prompt, prompt => Bits(network.Heads(trunk, samples, [.. samples.Select(_ => prompt)])));
            Assert.All(before, old => Assert.True(old.Value.AsSpan().SequenceEqual(now[old.Key]), $"{old.Key} at {tasks} tasks"));
            before = now;
            network.Grow(1, seed: tasks);
            Assert.Equal(tasks + 1, network.Columns);
        }
    }

    [Fact]
    public void A_head_gives_the_same_bits_however_many_are_asked_with_it()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, columns: MostTasks, seed: 3);
        network.eval();
        using var generator = new Generator(5, CPU);
        var trunk = network.Trunk(randn([1, 1, 32, 48, 32], generator: generator));
        var alone = Bits(network.Heads(trunk, [0], [new Prompt(0)]));
        for (var tasks = 2; tasks <= MostTasks; tasks++)
        {
            using var step = NewDisposeScope();
            Assert.Equal(alone, Bits(network.Heads(trunk, [.. new int[tasks]], [.. Enumerable.Range(0, tasks).Select(t => new Prompt(t))]).narrow(0, 0, 1)));
        }
    }

    [Fact]
    public void Growth_changes_no_tensor_but_the_columns()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 2, seed: 3);
        var before = network.state_dict().ToDictionary(pair => pair.Key, pair => Bits(pair.Value));
        network.Grow(3, seed: 1);
        foreach (var (name, tensor) in network.state_dict())
            Assert.Equal(before[name], name == "controller.columns" ? Bits(tensor.narrow(0, 0, 2)) : Bits(tensor));
        Assert.Equal(5, network.Columns);
        Assert.Contains(network.named_parameters(), p => p.name == "controller.columns" && p.parameter.shape[0] == 5 && p.parameter.requires_grad);
    }

    [Fact]
    public void New_columns_are_trained()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, columns: 1, seed: 3);
        network.Grow(1, seed: 1);
        using var generator = new Generator(5, CPU);
        var trunk = network.Trunk(randn([1, 1, 16, 32, 16], generator: generator));
        network.ForegroundLogits(trunk, [0], [new Prompt(1)]).Squared().sum().backward();
        var gradient = network.get_parameter("controller.columns")!.grad!;
        Assert.Equal(0, gradient[0].abs().sum().item<float>());
        Assert.NotEqual(0, gradient[1].abs().sum().item<float>());
    }

    private static float[] Bits(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }
}
