using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Rendering;

internal enum Plane { Sagittal, Coronal, Axial }

/// <summary>
/// One slice as radiologists look at it: the patient's right, or front in a sagittal view, is at the left of the
/// picture; front or head is at the top. Works on the file's own axes, whichever way they run.
/// </summary>
internal sealed class PlaneView
{
    private readonly int _start, _acrossStep, _downStep;

    /// <param name="slice">Index along the file's axis that is normal to the plane.</param>
    public PlaneView(Grid grid, Plane plane, int slice)
    {
        var (normal, across, down) = Axes(grid, plane);
        (Columns, Rows) = (Length(grid.Size, across), Length(grid.Size, down));
        var spacing = (double[])[grid.Spacing.X, grid.Spacing.Y, grid.Spacing.Z];
        (Width, Height) = (Columns * spacing[across], Rows * spacing[down]);
        // Right, anterior and superior come first, and these are where RAS+ coordinates are largest.
        (var acrossFirst, _acrossStep) = Descending(grid, across, AcrossWorld(plane));
        (var downFirst, _downStep) = Descending(grid, down, DownWorld(plane));
        _start = slice * Stride(grid.Size, normal) + acrossFirst + downFirst;
    }

    public int Columns { get; }
    public int Rows { get; }

    /// <summary>Millimetres.</summary>
    public double Width { get; }
    public double Height { get; }

    /// <summary>Index into the volume's voxels.</summary>
    public int this[int column, int row] => _start + column * _acrossStep + row * _downStep;

    /// <summary>The slice that holds most of the mask; the middle one where the mask is empty.</summary>
    public static int LargestSlice(Grid grid, Plane plane, byte[] mask)
    {
        var normal = Axes(grid, plane).Normal;
        var (stride, counts) = (Stride(grid.Size, normal), new int[Length(grid.Size, normal)]);
        for (var i = 0; i < mask.Length; i++)
            if (mask[i] != 0)
                counts[i / stride % counts.Length]++;
        var largest = counts.Max();
        return largest == 0 ? counts.Length / 2 : Array.IndexOf(counts, largest);
    }

    private static int AcrossWorld(Plane plane) => plane == Plane.Sagittal ? 1 : 0;
    private static int DownWorld(Plane plane) => plane == Plane.Axial ? 1 : 2;

    private static (int Normal, int Across, int Down) Axes(Grid grid, Plane plane)
    {
        var axisOf = WorldToFile(grid.Affine);
        return (axisOf[(int)plane], axisOf[AcrossWorld(plane)], axisOf[DownWorld(plane)]);
    }

    /// <summary>For each of R, A, S the file's axis that runs most nearly along it, every axis taken once.</summary>
    private static int[] WorldToFile(Affine affine)
    {
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        return orders.MaxBy(order => Enumerable.Range(0, 3).Sum(world => Math.Abs(Direction(affine, order[world], world))))!;
    }

    /// <summary>Offset of the first voxel and step between voxels along an axis, so that the world coordinate falls.</summary>
    private static (int First, int Step) Descending(Grid grid, int axis, int world)
    {
        var stride = Stride(grid.Size, axis);
        return Direction(grid.Affine, axis, world) > 0 ? ((Length(grid.Size, axis) - 1) * stride, -stride) : (0, stride);
    }

    /// <summary>Cosine of the angle between a file's axis and one of R, A, S.</summary>
    private static double Direction(Affine m, int axis, int world)
    {
        var column = axis switch { 0 => (m.M00, m.M10, m.M20, m.Spacing.X), 1 => (m.M01, m.M11, m.M21, m.Spacing.Y), _ => (m.M02, m.M12, m.M22, m.Spacing.Z) };
        return (world switch { 0 => column.Item1, 1 => column.Item2, _ => column.Item3 }) / column.Item4;
    }

    private static int Length(Size3 size, int axis) => axis switch { 0 => size.X, 1 => size.Y, _ => size.Z };
    private static int Stride(Size3 size, int axis) => axis switch { 0 => 1, 1 => size.X, _ => size.X * size.Y };
}
