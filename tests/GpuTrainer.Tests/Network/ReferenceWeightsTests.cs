using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Tests.Parity;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

/// <summary>That the imported closed form gives the reference's logits, <see cref="ParityTests"/> shows.</summary>
public sealed class ReferenceWeightsTests
{
    private const string AnyTensor = "block_six_up.conv.0.weight";

    [Theory]
    [InlineData(4, 1), InlineData(8, 3)]
    public void What_was_exported_comes_back_to_the_same_bits(int width, int tasks)
    {
        using var scope = NewDisposeScope();
        using var network = Trained(width, tasks);

        using var back = ReferenceWeights.Import(ReferenceWeights.Export(network), tasks, "export");

        Assert.Equal(width, back.Width);
        var (ours, theirs) = (network.state_dict(), back.state_dict());
        Assert.Equal(ours.Keys.Order(), theirs.Keys.Order());
        Assert.All(ours, entry => Assert.True(entry.Value.bytes.SequenceEqual(theirs[entry.Key].bytes), entry.Key));
    }

    [Fact]
    public void An_export_has_the_references_names_and_shapes_and_what_load_state_dict_asks_for()
    {
        using var scope = NewDisposeScope();
        using var network = ReferenceA.Network();
        var reference = ReferenceA.StateDict();

        var exported = ReferenceWeights.Export(network);

        Assert.Equal([.. reference.Keys, "GAP.0.num_batches_tracked", "precls_conv.0.num_batches_tracked"], exported.Keys.ToHashSet());
        Assert.Equal(0, exported["GAP.0.num_batches_tracked"].item<long>());
        foreach (var (name, tensor) in reference)
            Assert.Equal(tensor.shape, exported[name].shape);
        foreach (var (name, tensor) in reference.Where(entry => !entry.Key.StartsWith("controller.", StringComparison.Ordinal)))
            Assert.True(tensor.bytes.SequenceEqual(exported[name].bytes), name);
    }

    [Fact]
    public void The_branch_that_is_never_trained_is_exported_as_zeros_and_the_rest_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var network = ReferenceA.Network();
        var reference = ReferenceA.StateDict();

        var exported = ReferenceWeights.Export(network);

        for (var row = 0; row < 180; row++)
            foreach (var name in new[] { "controller.weight", "controller.bias" })
                if (row is (>= 144 and < 160) or >= 178)
                    Assert.Equal(0, exported[name][row].abs().sum().item<float>());
                else
                    Assert.True(exported[name][row].bytes.SequenceEqual(reference[name][row].bytes), $"{name}, row {row}");
    }

    [Fact]
    public void Names_may_begin_with_module_and_counters_of_batches_do_not_matter()
    {
        using var scope = NewDisposeScope();
        var stateDict = ReferenceA.StateDict().ToDictionary(entry => $"module.{entry.Key}", entry => entry.Value);
        stateDict["module.GAP.0.num_batches_tracked"] = tensor(17L);

        using var network = ReferenceWeights.Import(stateDict, 4, "wrapped.safetensors");

        using var plain = ReferenceA.Network();
        Assert.True(network.state_dict()["controller.columns"].bytes.SequenceEqual(plain.state_dict()["controller.columns"].bytes));
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_what_was_expected()
    {
        using var scope = NewDisposeScope();
        var stateDict = ReferenceA.StateDict();
        stateDict.Remove("block_two.conv.3.bias");
        stateDict["decoder.weight"] = ones(2, 3);
        stateDict["GAP.0.weight"] = ones(255);
        stateDict["block_one.conv.0.bias"] = ones(16, ScalarType.Int64);
        stateDict[AnyTensor] = stateDict[AnyTensor].clone();
        stateDict[AnyTensor].view(-1)[3] = float.NaN;

        var message = Assert.Throws<DomainException>(() => ReferenceWeights.Import(stateDict, 3, "odd.safetensors")).Message;

        Assert.StartsWith("'odd.safetensors' does not hold the reference's network of width 16 with 3 tasks:", message, StringComparison.Ordinal);
        Assert.Equal(
            [
                "'GAP.0.weight' is [255]; expected [256]",
                "'block_one.conv.0.bias' [16] holds Int64; expected floating point",
                "'block_six_up.conv.0.weight' [128, 64, 2, 2, 2] has 1 numbers that are infinite or NaN",
                "'block_two.conv.3.bias' is missing; expected [32]",
                "'controller.weight' is [180, 261, 1, 1, 1]; expected [180, 260, 1, 1, 1] (16·16 pooled features, 3 tasks, the synthetic task): the file has columns for 4 tasks, name as many",
                "'decoder.weight' [2, 3] is not one of the network's tensors",
            ], message.Split(Environment.NewLine).Skip(1).Select(line => line.Trim()));
    }

    [Fact]
    public void A_width_that_no_recipe_can_have_is_refused()
    {
        using var scope = NewDisposeScope();
        var stateDict = new Dictionary<string, Tensor> { ["block_one.conv.0.weight"] = ones([6, 1, 3, 3, 3]) };

        Assert.Contains("has 6 output channels", Assert.Throws<DomainException>(() => ReferenceWeights.Import(stateDict, 1, "f")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_group_norm_has_no_place_in_the_reference()
    {
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, 1, seed: 1);

        Assert.Contains("norm 'group'", Assert.Throws<DomainException>(() => ReferenceWeights.Export(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fine_network_has_no_place_in_the_reference()
    {
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 1, seed: 1, NetworkDesign.Fine);

        Assert.Contains("network 'fine'", Assert.Throws<DomainException>(() => ReferenceWeights.Export(network)).Message, StringComparison.Ordinal);
    }

    /// <summary>Running statistics that are not the initial ones, and a column that was added later.</summary>
    private static VerSemiNetwork Trained(int width, int tasks)
    {
        var network = new VerSemiNetwork(width, FeatureNorm.Batch, tasks - 1, seed: 5);
        network.Grow(1, seed: 6);
        using var off = no_grad();
        using var images = ones([2, 1, 16, 16, 16]).cumsum(4).cumsum(0);
        network.train();
        network.Trunk(images);
        return network;
    }
}
