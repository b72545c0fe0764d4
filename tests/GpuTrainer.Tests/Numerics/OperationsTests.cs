using System.Numerics;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Planning;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Numerics;

/// <summary>Each convolution of the network alone, with free memory full of NaN, beside plain loops in double.</summary>
public sealed class OperationsTests
{
    public static TheoryData<string, int, int, int, int> Shapes()
    {
        var shapes = new TheoryData<string, int, int, int, int>();
        foreach (var width in (int[])[4, 8, 12, 16, 20, 24])
        {
            shapes.Add(nameof(ConvKind.Same), 2, 1, width, 8);
            shapes.Add(nameof(ConvKind.Down), 1, width, 2 * width, 8);
            shapes.Add(nameof(ConvKind.Same), 1, 2 * width, 2 * width, 4);
            shapes.Add(nameof(ConvKind.Up), 2, 2 * width, width, 4);
            shapes.Add(nameof(ConvKind.Point), 2, width, DynamicHead.Channels, 8);
        }
        return shapes;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_convolution_and_its_gradients_are_those_of_plain_loops(string kind, int batch, int from, int to, int side)
    {
        using var scope = NewDisposeScope();
        var plain = new PlainConvolution(Enum.Parse<ConvKind>(kind), batch, from, to, side);
        var (x, w, b, g) = (Noise(1, plain.InputShape), Noise(2, plain.WeightShape), Noise(3, to), Noise(4, plain.OutputShape));
        ProcessorTest.FillFreeMemory();
        foreach (var tensor in (Tensor[])[x, w, b])
            tensor.requires_grad = true;
        var y = ComputedChannels.Cut(Convolution.Run(Enum.Parse<ConvKind>(kind), ComputedChannels.Fill(x, 1, Computed(from)), w, b, Computed(to)), to);
        (y * g).sum().backward();
        var (output, dx, dw, db) = plain.Run(Values(x), Values(w), Values(b), Values(g));
        Equal(output, y);
        Equal(dx, x.grad!);
        Equal(dw, w.grad!);
        Equal(db, b.grad!);
    }

    [Theory]
    [InlineData(4, 8), InlineData(8, 8), InlineData(12, 16), InlineData(16, 16), InlineData(20, 32), InlineData(24, 32), InlineData(48, 64), InlineData(64, 64)]
    public void A_processor_computes_every_width_as_one_of_8_16_32_and_64(int width, int computed)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(computed, ComputedChannels.Width(width));
        Assert.Equal(width, ComputedChannels.Width(width, new Device(TorchSharp.DeviceType.CUDA, 0)));
        var full = ComputedChannels.Fill(ones(2, width, 3), 1, computed);
        Assert.Equal([2, computed, 3], full.shape);
        Assert.Equal(2 * width * 3, full.sum().item<float>());
        Assert.Equal([2, width, 3], ComputedChannels.Cut(full, width).shape);
    }

    [Theory, InlineData(4), InlineData(12), InlineData(20)]
    public void The_channels_of_zeros_stay_zeros_through_the_backbone(int width)
    {
        using var scope = NewDisposeScope();
        using var init = new SeededInitialisation(1);
        var block = new ConvBlock(ConvKind.Same, width, 0, 1, init);
        var next = new ConvBlock(ConvKind.Down, width, 1, 2, init);
        var first = block.call(Noise(1, 2, 1, 8, 8, 8));
        Assert.Equal(ComputedChannels.Width(width), first.shape[1]);
        foreach (var (features, channels) in (ReadOnlySpan<(Tensor, int)>)[(first, width), (next.call(first), 2 * width)])
            Assert.Equal(0, features.narrow(1, channels, features.shape[1] - channels).abs().sum().item<float>());
    }

    /// <summary>Of one of the numbers that a network of some width has.</summary>
    private static long Computed(int channels) => channels == 1 ? 1 : BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, channels));

    private static void Equal(double[] expected, Tensor tensor)
    {
        var (scale, found) = (expected.Max(Math.Abs), Values(tensor));
        Assert.Equal(expected.Length, found.Length);
        Assert.True(found.All(float.IsFinite), "some numbers are not finite");
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * scale));
    }

    private static Tensor Noise(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed, CPU);
        return randn(shape, generator: generator);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
