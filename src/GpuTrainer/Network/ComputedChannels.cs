using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// Channels as a CPU's kernels get them: those of the next width that is a power of two, at least 8. With other widths trainings on one
/// processor with AVX-512 ended in NaN (docs/decisions, 37). The channels that are added are zeros: weights and bias are 0 there, so is
/// each norm's result, and every gradient ends there.
/// </summary>
internal static class ComputedChannels
{
    private const int SmallestWidth = 8;

    public static int Width(int width) => Math.Max(SmallestWidth, (int)BitOperations.RoundUpToPowerOf2((uint)width));

    /// <param name="width">On another device than a CPU it stays.</param>
    public static int Width(int width, Device device) => device.type == DeviceType.CPU ? Width(width) : width;

    /// <summary>Zeros behind the channels along an axis; the tensor itself where nothing is missing.</summary>
    public static Tensor Fill(Tensor tensor, int axis, long channels)
    {
        var missing = channels - tensor.shape[axis];
        if (missing == 0)
            return tensor;
        var pads = new long[2 * (tensor.dim() - axis)]; // the last axis first, each before and behind
        pads[^1] = missing;
        return functional.pad(tensor, pads);
    }

    /// <summary>The channels without the zeros behind them.</summary>
    public static Tensor Cut(Tensor tensor, long channels) => tensor.shape[1] == channels ? tensor : tensor.narrow(1, 0, channels).contiguous();
}
