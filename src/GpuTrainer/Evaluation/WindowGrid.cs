using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Where windows lie in a volume that is at least as large as the patch, and what their voxels count.</summary>
public static class WindowGrid
{
    /// <summary>
    /// Each window norms its features by what it sees, so that a few windows are a few opinions. Those in the middles make
    /// the grid a body-centred one, which covers a space with the fewest points: on phantoms better than more windows
    /// in a denser grid.
    /// </summary>
    public static IReadOnlyList<(int X, int Y, int Z)> Corners(Size3 volume, Size3 patch, InferenceOptions options)
    {
        int[] x = Along(volume.X, patch.X, options.Stride?.X, options.Overlap), y = Along(volume.Y, patch.Y, options.Stride?.Y, options.Overlap), z = Along(volume.Z, patch.Z, options.Stride?.Z, options.Overlap);
        var grid = Product(x, y, z);
        return options is { Centres: true, Stride: null } && grid.Count() > 1 ? [.. grid, .. Product(Middles(x), Middles(y), Middles(z))] : [.. grid];
    }

    /// <summary>
    /// (D, H, W): a separable Gaussian, at least 1e-3; or ones. Its standard deviation is an eighth of the side (Isensee et al.
    /// 2021); a quarter where windows lie in the middles too, so that more of them have a say in each voxel.
    /// </summary>
    public static Tensor Weights(Size3 patch, InferenceOptions options)
    {
        if (!options.Gaussian)
            return ones(patch.Z, patch.Y, patch.X);
        var deviations = options.Centres ? 4 : 8;
        using var product = Bell(patch.Z, deviations).view(-1, 1, 1) * Bell(patch.Y, deviations).view(1, -1, 1) * Bell(patch.X, deviations).view(1, 1, -1);
        return product.AtLeast(1e-3);
    }

    /// <param name="deviations">Standard deviations a side.</param>
    private static Tensor Bell(int side, double deviations)
    {
        var deviation = side / deviations;
        return tensor([.. Enumerable.Range(0, side).Select(i => (float)Math.Exp(-0.5 * Math.Pow((i - (side - 1) / 2.0) / deviation, 2)))]);
    }

    private static IEnumerable<(int X, int Y, int Z)> Product(int[] along, int[] across, int[] up) =>
        from z in up
        from y in across
        from x in along
        select (x, y, z);

    // Along an axis of one window there is no other place.
    private static int[] Middles(int[] corners) => corners.Length == 1 ? corners : [.. corners.Zip(corners.Skip(1), (before, after) => (before + after) / 2)];

    private static int[] Along(int size, int patch, int? stride, double overlap)
    {
        var room = size - patch;
        if (stride is { } step)
            return [.. Enumerable.Range(0, (room + step - 1) / step + 1).Select(i => Math.Min(i * step, room))];
        // As few windows as the overlap allows, spread evenly.
        var gaps = (int)Math.Ceiling(room / (patch * (1 - overlap)));
        return [.. Enumerable.Range(0, gaps + 1).Select(i => gaps == 0 ? 0 : (int)Math.Round((double)i * room / gaps))];
    }
}
