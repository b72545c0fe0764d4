using System.Runtime.Intrinsics.X86;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
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
}

/// <summary>
/// Convolution with bias → InstanceNorm (no affine, eps 1e-5) → ReLU, in the precision of the input: the float32 weights
/// are cast to it each time, and their gradients arrive in float32. The norm's statistics are always float32, and so is
/// all of a small grid.
/// </summary>
internal sealed class ConvBlock : Module<Tensor, Tensor>
{
    // oneDNN's AVX2 kernel of a 3³ weight gradient refuses padding along z; what stands in for it takes three times as long.
    private static readonly bool PadsDepthItself = Avx2.IsSupported && !Avx512F.IsSupported;

    private readonly ConvKind _kind;
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    public ConvBlock(ConvKind kind, int from, int to, SeededInitialisation init) : base(nameof(ConvBlock))
    {
        _kind = kind;
        var side = kind == ConvKind.Same ? 3 : 2;
        // A transposed convolution's weight is [in][out]; PyTorch's fan counts its second axis times the kernel.
        long[] shape = kind == ConvKind.Up ? [from, to, side, side, side] : [to, from, side, side, side];
        var fan = shape[1] * side * side * side;
        _weight = init.Uniform(fan, shape);
        _bias = init.Uniform(fan, to);
        RegisterComponents();
    }

    /// <param name="input">(N, from, D, H, W)</param>
    /// <returns>(N, to, D', H', W')</returns>
    public override Tensor forward(Tensor input)
    {
        // On the CPU, oneDNN leaves out part of the bfloat16 weight gradient where the depth is 2; and few voxels make a bad norm.
        var own = input.shape.Skip(2).Min() < 4 ? input.to(ScalarType.Float32) : input;
        using var convolved = Convolve(own, _weight.to(own.dtype), _bias.to(own.dtype));
        return InstanceNorm(convolved).relu_().to(input.dtype); // in-place operations give back their receiver
    }

    private Tensor Convolve(Tensor input, Tensor weight, Tensor bias) => _kind switch
    {
        ConvKind.Same when PadsDepthItself && is_grad_enabled() && weight.requires_grad && input.device.type == DeviceType.CPU && input.dtype == ScalarType.Float32 =>
            functional.conv3d(functional.pad(input, [0L, 0, 0, 0, 1, 1]), weight, bias, padding: [0L, 1, 1]),
        ConvKind.Same => functional.conv3d(input, weight, bias, padding: [1L, 1, 1]),
        ConvKind.Down => functional.conv3d(input, weight, bias, strides: [2L, 2, 2]),
        _ => functional.conv_transpose3d(input, weight, bias, strides: [2L, 2, 2]),
    };

    // A group for each channel is InstanceNorm; on CPUs its kernel took a third of instance_norm's time.
    private Tensor InstanceNorm(Tensor x)
    {
        var channels = _bias.shape[0];
        if (x.dtype == ScalarType.Float32)
            return Norm(x, null, null);
        // A float32 scale of 1 makes the CPU's kernel keep float32 statistics of a bfloat16 input; CUDA's refuses the mixture.
        if (x.device.type == DeviceType.CPU)
            return Norm(x, ones(channels), zeros(channels));
        return Norm(x.to(ScalarType.Float32), null, null).to(x.dtype);

        Tensor Norm(Tensor input, Tensor? scale, Tensor? shift) => functional.group_norm(input, channels, scale, shift, 1e-5);
    }
}
