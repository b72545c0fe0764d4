using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// Convolution with bias → InstanceNorm (no affine, eps 1e-5) → ReLU, in the precision of the input: the float32 weights
/// are cast to it each time, and their gradients arrive in float32. The norm's statistics are always float32, and so is
/// all of a small grid.
/// </summary>
internal sealed class ConvBlock : Module<Tensor, Tensor>
{
    private readonly ConvKind _kind;
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    private readonly int _width, _outputs;

    /// <param name="from">Input channels as a multiple of the width; 0: one channel, the image.</param>
    /// <param name="to">Output channels likewise.</param>
    public ConvBlock(ConvKind kind, int width, int from, int to, SeededInitialisation init) : base(nameof(ConvBlock))
    {
        (_kind, _width, _outputs) = (kind, width, to);
        var (inputs, outputs) = (Math.Max(1, from * width), to * width);
        var side = kind == ConvKind.Same ? 3 : 2;
        // A transposed convolution's weight is [in][out]; PyTorch's fan counts its second axis times the kernel.
        long[] shape = kind == ConvKind.Up ? [inputs, outputs, side, side, side] : [outputs, inputs, side, side, side];
        var fan = shape[1] * side * side * side;
        _weight = init.Uniform(fan, shape);
        _bias = init.Uniform(fan, outputs);
        RegisterComponents();
    }

    /// <param name="input">(N, from, D, H, W); on a CPU <see cref="ComputedChannels"/>.</param>
    /// <returns>(N, to, D', H', W'), likewise.</returns>
    public override Tensor forward(Tensor input)
    {
        // On the CPU, oneDNN leaves out part of the bfloat16 weight gradient where the depth is 2; and few voxels make a bad norm.
        var own = input.shape.Skip(2).Min() < 4 ? input.to(ScalarType.Float32) : input;
        using var convolved = Convolution.Run(_kind, own, _weight, _bias, _outputs * ComputedChannels.Width(_width, input.device));
        return InstanceNorm(convolved).relu_().to(input.dtype); // in-place operations give back their receiver
    }

    // A group for each channel is InstanceNorm; on CPUs its kernel took a third of instance_norm's time.
    private static Tensor InstanceNorm(Tensor x)
    {
        var channels = x.shape[1];
        if (x.dtype == ScalarType.Float32)
            return Norm(x, null, null);
        // A float32 scale of 1 makes the CPU's kernel keep float32 statistics of a bfloat16 input; CUDA's refuses the mixture.
        if (x.device.type == DeviceType.CPU)
            return Norm(x, ones(channels), zeros(channels));
        return Norm(x.to(ScalarType.Float32), null, null).to(x.dtype);

        Tensor Norm(Tensor input, Tensor? scale, Tensor? shift) => functional.group_norm(input, channels, scale, shift, 1e-5);
    }
}
