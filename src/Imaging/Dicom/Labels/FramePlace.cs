using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>How the pixels of a frame lie on the voxels of a grid.</summary>
internal sealed class FramePlace
{
    private readonly Size3 _size;
    private readonly int[] _first, _column, _row;

    private FramePlace(Size3 size, int[] first, int[] column, int[] row) => (_size, _first, _column, _row) = (size, first, column, row);

    /// <summary>Null where they do not.</summary>
    public static FramePlace? Find(DicomSlice frame, Grid grid, double tolerance)
    {
        double[] At(double column, double row)
        {
            var (x, y, z) = (frame.Position + frame.AlongRow * (frame.ColumnSpacing * column) + frame.AlongColumn * (frame.RowSpacing * row)).Ras;
            var (i, j, k) = grid.Affine.Locate(x, y, z);
            return [i, j, k];
        }
        int[] limits = [grid.Size.X, grid.Size.Y, grid.Size.Z];
        var corners = new[] { At(0, 0), At(frame.Columns - 1, 0), At(0, frame.Rows - 1), At(frame.Columns - 1, frame.Rows - 1) };
        if (!corners.All(corner => Enumerable.Range(0, 3).All(axis => Math.Abs(corner[axis] - Math.Round(corner[axis])) <= tolerance && Math.Round(corner[axis]) >= 0 && Math.Round(corner[axis]) < limits[axis])))
            return null;
        var (column, row) = (Step(corners[0], corners[1], frame.Columns - 1), Step(corners[0], corners[2], frame.Rows - 1));
        return column is null || row is null ? null : new FramePlace(grid.Size, [.. corners[0].Select(value => (int)Math.Round(value))], column, row);
    }

    public int Voxel(int column, int row)
    {
        int At(int axis) => _first[axis] + column * _column[axis] + row * _row[axis];
        return At(0) + _size.X * (At(1) + _size.Y * At(2));
    }

    /// <summary>One voxel along one axis; null for anything else.</summary>
    private static int[]? Step(double[] from, double[] to, int steps)
    {
        if (steps == 0)
            return [0, 0, 0];
        var step = Enumerable.Range(0, 3).Select(axis => (Math.Round(to[axis]) - Math.Round(from[axis])) / steps).ToArray();
        return step.Count(value => Math.Abs(value) == 1) == 1 && step.Count(value => value == 0) == 2 ? [.. step.Select(value => (int)value)] : null;
    }
}
