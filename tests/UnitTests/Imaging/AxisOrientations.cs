using VerSemi.Imaging.Geometry;

namespace VerSemi.UnitTests.Imaging;

/// <summary>The 48 ways in which an array's axes can lie along R, A, S and against them.</summary>
internal static class AxisOrientations
{
    private static readonly int[][] Permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>By a name such as "RAS" or "LIP" (where the array's axes point to); spacing 1.5, 0.75, 2 along i, j, k; first voxel at (10, −20, 30).</summary>
    public static IReadOnlyDictionary<string, Affine> All { get; } = (
        from permutation in Permutations
        from signs in Enumerable.Range(0, 8)
        select Make(permutation, signs)).ToDictionary();

    /// <summary>Turned by an angle about an axis that is none of the world's.</summary>
    public static Affine Oblique(Affine affine, double radians)
    {
        var (s, c, u) = (Math.Sin(radians), Math.Cos(radians), 1 / Math.Sqrt(3));
        var (same, next, last) = (c + (1 - c) / 3, (1 - c) / 3 - u * s, (1 - c) / 3 + u * s);
        return Affine.FromColumns([.. Enumerable.Range(0, 4).Select(affine.Column).Select(v => (
            same * v.X + next * v.Y + last * v.Z,
            last * v.X + same * v.Y + next * v.Z,
            next * v.X + last * v.Y + same * v.Z))]);
    }

    private static KeyValuePair<string, Affine> Make(int[] permutation, int signs)
    {
        double[] spacing = [1.5, 0.75, 2];
        var columns = new (double X, double Y, double Z)[4];
        var name = "";
        for (var axis = 0; axis < 3; axis++)
        {
            var against = (signs >> axis & 1) == 1;
            var step = spacing[axis] * (against ? -1 : 1);
            columns[axis] = permutation[axis] switch { 0 => (step, 0, 0), 1 => (0, step, 0), _ => (0, 0, step) };
            name += (against ? "LPI" : "RAS")[permutation[axis]];
        }
        columns[3] = (10, -20, 30);
        return new(name, Affine.FromColumns(columns));
    }
}
