using VerSemi.Domain.Recipes;
using VerSemi.Domain.Weights;
using VerSemi.GpuTrainer.Network;
using VerSemi.TestKit;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

/// <summary>The checks that work without torch know the very network that is trained.</summary>
public sealed class PlainNetworkTests : IDisposable
{
    private const int Columns = 2, Side = 16;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(4, FeatureNorm.Batch), InlineData(12, FeatureNorm.Group), InlineData(16, FeatureNorm.Batch), InlineData(8, FeatureNorm.Group, NetworkDesign.Fine)]
    public void Names_and_shapes_are_those_of_the_network(int width, FeatureNorm norm, NetworkDesign design = NetworkDesign.Reference)
    {
        using var network = new VerSemiNetwork(width, norm, Columns, seed: 1, design);
        var layout = NetworkLayout.Of(width, norm, Columns, design);
        var state = network.state_dict();
        Assert.Equal(state.Keys.Order(StringComparer.Ordinal), layout.Keys.Order(StringComparer.Ordinal));
        Assert.All(state, entry => Assert.Equal(entry.Value.shape, layout[entry.Key]));
    }

    [Theory, InlineData(4, FeatureNorm.Batch), InlineData(8, FeatureNorm.Batch), InlineData(12, FeatureNorm.Group), InlineData(20, FeatureNorm.Batch)]
    [InlineData(4, FeatureNorm.Group, NetworkDesign.Fine), InlineData(8, FeatureNorm.Batch, NetworkDesign.Fine), InlineData(12, FeatureNorm.Group, NetworkDesign.Fine)]
    public void Plain_loops_answer_as_the_network_does(int width, FeatureNorm norm, NetworkDesign design = NetworkDesign.Reference)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var network = new VerSemiNetwork(width, norm, Columns, seed: 3, design);
        network.eval();
        NetworkWeights.Save(_folder["weights.safetensors"], network);
        using var file = File.OpenRead(_folder["weights.safetensors"]);
        var plain = new PlainNetwork(WeightsFile.Read(file, file.Length, "weights", width, norm, Columns, design), width, norm, Columns, design);

        float[] image = [.. Enumerable.Range(0, Side * Side * Side).Select(i => MathF.Sin(0.37f * (i % Side)) + MathF.Cos(0.011f * i))];
        var expected = plain.Logits(image, Side);
        var logits = network.ForegroundLogits(network.Trunk(tensor(image, [1, 1, Side, Side, Side])), [0, 0, 0], [new(0), new(1), Prompt.Synthetic]);
        for (var head = 0; head < expected.Length; head++)
            Assert.All(expected[head].Zip(logits[head].flatten().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }
}
