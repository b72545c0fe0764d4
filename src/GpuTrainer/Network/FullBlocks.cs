using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// Channels as oneDNN gets them on a CPU. Its kernels hold 16 channels of a voxel side by side (8 with AVX2); where channels do
/// not fill such a block, some of them read beside them what nothing has written (docs/decisions, 37). Here a block is filled
/// up by channels of zeros: weights and bias are 0 there, so is each norm's result, and every gradient ends there.
/// </summary>
internal static class FullBlocks
{
    private const long Block = 16;

    /// <summary>One channel is never blocked, and 8 are a layout of their own: both stay as they are.</summary>
    public static long Of(long channels) => channels is 1 or 8 ? channels : (channels + Block - 1) / Block * Block;

    /// <summary>Zeros behind the channels along an axis; the tensor itself where nothing is missing, or on a GPU.</summary>
    public static Tensor Fill(Tensor tensor, int axis)
    {
        var missing = tensor.device.type == DeviceType.CPU ? Of(tensor.shape[axis]) - tensor.shape[axis] : 0;
        if (missing == 0)
            return tensor;
        var pads = new long[2 * (tensor.dim() - axis)]; // the last axis first, each before and behind
        pads[^1] = missing;
        return functional.pad(tensor, pads);
    }

    /// <summary>The channels without the zeros behind them.</summary>
    public static Tensor Cut(Tensor tensor, long channels) => tensor.shape[1] == channels ? tensor : tensor.narrow(1, 0, channels).contiguous();
}
