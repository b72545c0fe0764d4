using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Losses;

/// <summary>The same weights and batch give the same bits, wherever in memory they lie.</summary>
public sealed class DeterminismTests
{
    private static readonly long[] Patch = [16, 32, 16];
    private static readonly Prompt[] Tasks = [new(0), new(1), new(2), new(0)];

    [Theory]
    [InlineData(false, TrunkPrecision.Float32), InlineData(true, TrunkPrecision.Float32)]
    [InlineData(false, TrunkPrecision.Bfloat16), InlineData(true, TrunkPrecision.Bfloat16)]
    public void Losses_and_gradients_are_the_same_bits_each_time(bool second, TrunkPrecision precision)
    {
        var first = Run(second, precision, pad: 0);
        for (var pad = 1; pad < 6; pad++)
            Assert.Equal(first, Run(second, precision, pad));
    }

    [Fact]
    public void Weights_depend_on_the_seed_alone()
    {
        using var a = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 5);
        using var noise = rand(100);
        using var b = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 5);
        using var other = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 6);
        Assert.All(a.named_parameters().Zip(b.named_parameters()), pair => Assert.Equal(Bytes(pair.First.parameter), Bytes(pair.Second.parameter)));
        Assert.NotEqual(Bytes(a.get_parameter("x1.conv1.weight")!), Bytes(other.get_parameter("x1.conv1.weight")!));
    }

    private static byte[] Run(bool second, TrunkPrecision precision, int pad)
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 3, seed: 1);
        network.Precision = precision;
        network.train();
        var batch = new LabelledBatch(Field(1, pad), Field(2, pad).squeeze(1).Above(0.8).to(ScalarType.Int64), Tasks);
        var mask = ones([4, .. Patch]);
        mask.narrow(1, 4, 8).zero_();
        var half = mask.narrow(0, 0, 2);
        var loss = second
            ? VerSemiLoss.Stage2(network, batch, Field(3, pad), half, mask, [new(0), new(1), new(2)], new LossWeights())
            : VerSemiLoss.Stage1(network, batch, half, new LossWeights());
        return [.. BitConverter.GetBytes(loss.Backward().Total), .. network.parameters().SelectMany(p => Bytes(p.grad!))];
    }

    // Through a managed array of another length each time, so that it begins elsewhere in memory.
    private static Tensor Field(int seed, int pad)
    {
        using var generator = new Generator((ulong)seed, CPU);
        float[] values = [.. new float[pad], .. rand([4, 1, .. Patch], generator: generator).data<float>().ToArray()];
        return tensor(values).narrow(0, pad, values.Length - pad).view([4, 1, .. Patch]);
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().clone().bytes.ToArray();
    }
}
