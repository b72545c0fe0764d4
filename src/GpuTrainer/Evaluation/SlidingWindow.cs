using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>A network over a whole prepared volume: one trunk pass per window, whatever the number of prompts.</summary>
public sealed class SlidingWindow(VerSemiNetwork network, Size3 patch, InferenceOptions options, Device device)
{
    /// <summary>Foreground probability per prompt: the weighted mean of softmax over the windows, x fastest, the volume's size.</summary>
    public IReadOnlyList<float[]> Predict(Volume<float> prepared, IReadOnlyList<Prompt> prompts, CancellationToken cancellation)
    {
        var training = network.training;
        network.eval();
        try
        {
            using var nothing = inference_mode();
            using var scope = NewDisposeScope();
            return Crop(Mean(Pad(prepared), prompts, cancellation), prepared.Size);
        }
        finally
        {
            network.train(training);
        }
    }

    // (D, H, W), each side at least the patch's, the volume in the middle of zeros.
    private Tensor Pad(Volume<float> volume)
    {
        var size = new Size3(Math.Max(volume.Size.X, patch.X), Math.Max(volume.Size.Y, patch.Y), Math.Max(volume.Size.Z, patch.Z));
        var voxels = new float[size.Count];
        var corner = (-Patches.Padding(volume.Size.X, size.X), -Patches.Padding(volume.Size.Y, size.Y), -Patches.Padding(volume.Size.Z, size.Z));
        Patches.Copy(volume, corner, size, voxels);
        return tensor(voxels, [size.Z, size.Y, size.X]);
    }

    // (prompts, D, H, W) of the padded volume.
    private Tensor Mean(Tensor volume, IReadOnlyList<Prompt> prompts, CancellationToken cancellation)
    {
        var size = new Size3((int)volume.shape[2], (int)volume.shape[1], (int)volume.shape[0]);
        var weights = WindowGrid.Weights(patch, options);
        var sum = zeros(prompts.Count, size.Z, size.Y, size.X);
        var weight = zeros(size.Z, size.Y, size.X);
        foreach (var corners in WindowGrid.Corners(size, patch, options).Chunk(options.WindowBatch))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var probabilities = Foreground(stack([.. corners.Select(corner => Window(volume, corner))]).unsqueeze(1), prompts);
            for (var i = 0; i < corners.Length; i++)
            {
                Window(sum, corners[i]).AddInPlace(probabilities[i] * weights);
                Window(weight, corners[i]).AddInPlace(weights);
            }
        }
        return sum.div_(weight);
    }

    // (windows, prompts, D, H, W)
    private Tensor Foreground(Tensor windows, IReadOnlyList<Prompt> prompts)
    {
        var trunk = network.Trunk(windows.to(device));
        var count = (int)windows.shape[0];
        var samples = Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat(i, prompts.Count)).ToList();
        var asked = Enumerable.Range(0, count).SelectMany(_ => prompts).ToList();
        var foreground = network.ForegroundLogits(trunk, samples, asked).sigmoid().cpu();
        return foreground.view(count, prompts.Count, patch.Z, patch.Y, patch.X);
    }

    // A view of the last three axes at a window's place.
    private Tensor Window(Tensor volume, (int X, int Y, int Z) corner) =>
        volume.narrow(-3, corner.Z, patch.Z).narrow(-2, corner.Y, patch.Y).narrow(-1, corner.X, patch.X);

    private IReadOnlyList<float[]> Crop(Tensor padded, Size3 size)
    {
        var volume = padded.narrow(-3, Patches.Padding(size.Z, patch.Z), size.Z).narrow(-2, Patches.Padding(size.Y, patch.Y), size.Y).narrow(-1, Patches.Padding(size.X, patch.X), size.X);
        return [.. Enumerable.Range(0, (int)padded.shape[0]).Select(task => volume[task].contiguous().data<float>().ToArray())];
    }
}
