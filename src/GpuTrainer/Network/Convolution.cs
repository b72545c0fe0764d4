using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

internal enum ConvKind
{
    /// <summary>3³, padding 1: the grid stays.</summary>
    Same,
    /// <summary>2³, stride 2: half the grid.</summary>
    Down,
    /// <summary>Transposed 2³, stride 2: twice the grid.</summary>
    Up,
    /// <summary>1³: a matrix product at each voxel.</summary>
    Point,
}

/// <summary>The network's convolutions, by library kernels that get <see cref="ComputedChannels"/>.</summary>
internal static class Convolution
{
    // oneDNN's AVX2 kernel of a 3³ weight gradient refuses padding along z; what stands in for it takes three times as long.
    private static readonly bool PadsDepthItself = Avx2.IsSupported && !Avx512F.IsSupported;

    /// <param name="input">(N, from, D, H, W), zeros behind the weight's own channels.</param>
    /// <param name="weight">(to, from, k, k, k), transposed (from, to, k, k, k), of any precision.</param>
    /// <param name="channels">Of the result: zeros fill it up behind the weight's own.</param>
    /// <returns>(N, channels, D', H', W')</returns>
    public static Tensor Run(ConvKind kind, Tensor input, Tensor weight, Tensor bias, long channels)
    {
        var (from, to) = kind == ConvKind.Up ? (0, 1) : (1, 0);
        var w = ComputedChannels.Fill(ComputedChannels.Fill(weight, from, input.shape[1]), to, channels).to(input.dtype);
        var b = ComputedChannels.Fill(bias, 0, channels).to(input.dtype);
        return kind switch
        {
            ConvKind.Same when PadsDepthItself && is_grad_enabled() && weight.requires_grad && input.device.type == DeviceType.CPU && input.dtype == ScalarType.Float32 =>
                functional.conv3d(functional.pad(input, [0L, 0, 0, 0, 1, 1]), w, b, padding: [0L, 1, 1]),
            ConvKind.Same => functional.conv3d(input, w, b, padding: [1L, 1, 1]),
            ConvKind.Down => functional.conv3d(input, w, b, strides: [2L, 2, 2]),
            ConvKind.Up => functional.conv_transpose3d(input, w, b, strides: [2L, 2, 2]),
            ConvKind.Point => functional.conv3d(input, w, b),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
