using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Where windows lie in a volume that is at least as large as the patch, and what their voxels count.</summary>
public static class WindowGrid
{
    public static IReadOnlyList<(int X, int Y, int Z)> Corners(Size3 volume, Size3 patch, InferenceOptions options) =>
        [.. from z in Along(volume.Z, patch.Z, options.Stride?.Z, options.Overlap)
            from y in Along(volume.Y, patch.Y, options.Stride?.Y, options.Overlap)
            from x in Along(volume.X, patch.X, options.Stride?.X, options.Overlap)
            select (x, y, z)];

    /// <summary>(D, H, W): separable Gaussian, standard deviation an eighth of the side (Isensee et al. 2021), at least 1e-3; or ones.</summary>
    public static Tensor Weights(Size3 patch, bool gaussian)
    {
        if (!gaussian)
            return ones(patch.Z, patch.Y, patch.X);
        using var product = Bell(patch.Z).view(-1, 1, 1) * Bell(patch.Y).view(1, -1, 1) * Bell(patch.X).view(1, 1, -1);
        return product.AtLeast(1e-3);
    }

    private static Tensor Bell(int side)
    {
        var deviation = side / 8.0;
        return tensor([.. Enumerable.Range(0, side).Select(i => (float)Math.Exp(-0.5 * Math.Pow((i - (side - 1) / 2.0) / deviation, 2)))]);
    }

    private static IEnumerable<int> Along(int size, int patch, int? stride, double overlap)
    {
        var room = size - patch;
        if (stride is { } step)
            return Enumerable.Range(0, (room + step - 1) / step + 1).Select(i => Math.Min(i * step, room));
        // As few windows as the overlap allows, spread evenly.
        var gaps = (int)Math.Ceiling(room / (patch * (1 - overlap)));
        return Enumerable.Range(0, gaps + 1).Select(i => gaps == 0 ? 0 : (int)Math.Round((double)i * room / gaps));
    }
}
