using TorchSharp;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// The tiny segmentation head whose weights the controller writes: ReLU(w0·f+b0) → ReLU(w1·+b1) → w2·+b2. Heads of one
/// sample share its features: their first layers are stacked into one matrix product, so features are never copied.
/// </summary>
internal static class DynamicHead
{
    public const int Channels = 8;
    public const int Outputs = 2;

    /// <summary>w0, w1, w2 row-major [out][in], then b0, b1, b2.</summary>
    public const int Parameters = 2 * Channels * Channels + Outputs * Channels + 2 * Channels + Outputs;

    // Without a graph hidden channels are needed only on the way. On a processor: what its caches hold of them. On a GPU:
    // enough to keep it busy, and 16 MiB a head, since all tasks of a label space may be asked at once.
    private const long VoxelsAtOnce = 8192, VoxelsAtOnceOnGpu = 1 << 18;

    /// <param name="features">(N, 8, V): voxels in a row.</param>
    /// <param name="parameters">(N·K, <see cref="Parameters"/>), the K heads of a sample side by side.</param>
    /// <returns>Logits (N·K, 2, V), or their difference foreground − background (N·K, 1, V).</returns>
    public static Tensor Run(Tensor features, Tensor parameters, bool difference)
    {
        var (voxels, atOnce) = (features.shape[2], features.device.type == DeviceType.CPU ? VoxelsAtOnce : VoxelsAtOnceOnGpu);
        if (is_grad_enabled() || voxels <= atOnce)
            return OfAll(features, parameters, difference);
        var logits = empty([parameters.shape[0], difference ? 1 : Outputs, voxels], device: features.device);
        for (var first = 0L; first < voxels; first += atOnce)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(atOnce, voxels - first);
            logits.narrow(2, first, count).copy_(OfAll(features.narrow(2, first, count), parameters, difference));
        }
        return logits;
    }

    private static Tensor OfAll(Tensor features, Tensor parameters, bool difference)
    {
        using var scope = NewDisposeScope();
        var (samples, heads, voxels) = (features.shape[0], parameters.shape[0], features.shape[2]);
        var parts = parameters.split([Channels * Channels, Channels * Channels, Outputs * Channels, Channels, Channels, Outputs], 1);
        var (w2, b2) = (parts[2].reshape(heads, Outputs, Channels), parts[5].unsqueeze(2));
        if (difference)
            (w2, b2) = (Difference(w2), Difference(b2));
        var stacked = parts[0].reshape(samples, heads / samples * Channels, Channels);
        var hidden = bmm(stacked, features).AddInPlace(parts[3].reshape(samples, -1, 1)).relu_().view(heads, Channels, voxels);
        hidden = bmm(parts[1].reshape(heads, Channels, Channels), hidden).AddInPlace(parts[4].unsqueeze(2)).relu_();
        return bmm(w2, hidden).AddInPlace(b2).MoveToOuterDisposeScope();
    }

    private static Tensor Difference(Tensor rows) => rows.narrow(1, 1, 1) - rows.narrow(1, 0, 1);
}
