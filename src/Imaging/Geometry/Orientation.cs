namespace VerSemi.Imaging.Geometry;

/// <summary>
/// How the axes of an array lie in space: which of them runs along R, A and S, and whether against it. Of an oblique
/// affine the closest axes: the assignment whose direction cosines sum to the most. Reordering moves voxels, it never
/// changes one.
/// </summary>
public sealed class Orientation
{
    private static readonly int[][] Assignments = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    private readonly int[] _axis;
    private readonly bool[] _against;

    private Orientation(int[] axis, bool[] against)
    {
        _axis = axis;
        _against = against;
    }

    public static Orientation Of(Affine affine)
    {
        var cosines = Cosines(affine);
        var axis = Assignments.MaxBy(order => Math.Abs(cosines[0, order[0]]) + Math.Abs(cosines[1, order[1]]) + Math.Abs(cosines[2, order[2]]))!;
        return new Orientation(axis, [.. Enumerable.Range(0, 3).Select(world => cosines[world, axis[world]] < 0)]);
    }

    /// <summary>The direction of each array axis, e.g. "LPS".</summary>
    public string Code => string.Concat(Enumerable.Range(0, 3).Select(array => Array.IndexOf(_axis, array)).Select(world => (_against[world] ? "LPI" : "RAS")[world]));

    /// <summary>The same places in space, axes along R, A, S (as far as the affine is not oblique).</summary>
    public Grid ToRas(Grid grid)
    {
        var length = Lengths(grid.Size);
        var first = new double[3];
        var columns = new (double X, double Y, double Z)[4];
        for (var world = 0; world < 3; world++)
        {
            var (x, y, z) = grid.Affine.Column(_axis[world]);
            columns[world] = _against[world] ? (-x, -y, -z) : (x, y, z);
            first[_axis[world]] = _against[world] ? length[_axis[world]] - 1 : 0;
        }
        columns[3] = grid.Affine.Apply(first[0], first[1], first[2]);
        return new Grid(new Size3(length[_axis[0]], length[_axis[1]], length[_axis[2]]), Affine.FromColumns(columns));
    }

    /// <summary>A new array with the axes along R, A, S.</summary>
    public Volume<T> ToRas<T>(Volume<T> volume) where T : unmanaged
    {
        var ras = ToRas(volume.Grid);
        var voxels = GC.AllocateUninitializedArray<T>(volume.Voxels.Length);
        Walk(volume.Size, ras.Size, (own, x, step, count) =>
        {
            for (var i = 0; i < count; i++)
                voxels[x + i] = volume.Voxels[own + i * step];
        });
        return new Volume<T>(ras, voxels);
    }

    /// <summary>The other way round: a new array on the grid that <see cref="ToRas(Grid)"/> was asked about.</summary>
    public Volume<T> FromRas<T>(Volume<T> ras, Grid original) where T : unmanaged
    {
        var voxels = GC.AllocateUninitializedArray<T>(ras.Voxels.Length);
        Walk(original.Size, ras.Size, (own, x, step, count) =>
        {
            for (var i = 0; i < count; i++)
                voxels[own + i * step] = ras.Voxels[x + i];
        });
        return new Volume<T>(original, voxels);
    }

    /// <summary>Calls for every row along R: its first voxel and step in the original array, its first voxel in the RAS array, its length.</summary>
    private void Walk(Size3 original, Size3 ras, Action<int, int, int, int> row)
    {
        var length = Lengths(original);
        int[] stride = [1, original.X, original.X * original.Y];
        var start = 0;
        var step = new int[3];
        for (var world = 0; world < 3; world++)
        {
            step[world] = stride[_axis[world]] * (_against[world] ? -1 : 1);
            start += _against[world] ? stride[_axis[world]] * (length[_axis[world]] - 1) : 0;
        }
        for (var z = 0; z < ras.Z; z++)
            for (var y = 0; y < ras.Y; y++)
                row(start + y * step[1] + z * step[2], ras.X * (y + ras.Y * z), step[0], ras.X);
    }

    private static int[] Lengths(Size3 size) => [size.X, size.Y, size.Z];

    /// <summary>[world axis, array axis].</summary>
    private static double[,] Cosines(Affine affine)
    {
        var (x, y, z) = affine.Spacing;
        return new[,]
        {
            { affine.M00 / x, affine.M01 / y, affine.M02 / z },
            { affine.M10 / x, affine.M11 / y, affine.M12 / z },
            { affine.M20 / x, affine.M21 / y, affine.M22 / z },
        };
    }
}
