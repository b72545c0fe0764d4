namespace VerSemi.Imaging.Geometry;

/// <summary>Voxels along the three axes of an array. The first, X, is the fastest in memory.</summary>
public readonly record struct Size3(int X, int Y, int Z)
{
    public long Count => (long)X * Y * Z;
    public override string ToString() => $"{X}×{Y}×{Z}";
}

/// <summary>A voxel grid in space: its size and the affine from voxel index (i, j, k) to millimetres in RAS+.</summary>
public sealed record Grid(Size3 Size, Affine Affine)
{
    /// <summary>Millimetres between voxel centres along x, y, z of the array.</summary>
    public (double X, double Y, double Z) Spacing => Affine.Spacing;
}

/// <summary>The upper three rows of a 4×4 affine, row-major: RAS+ millimetres = M · (i, j, k, 1).</summary>
public sealed record Affine(
    double M00, double M01, double M02, double M03,
    double M10, double M11, double M12, double M13,
    double M20, double M21, double M22, double M23)
{
    public (double X, double Y, double Z) Spacing => (Length(M00, M10, M20), Length(M01, M11, M21), Length(M02, M12, M22));

    public static Affine Scaling(double x, double y, double z) => new(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0);

    public (double X, double Y, double Z) Apply(double i, double j, double k) =>
        (M00 * i + M01 * j + M02 * k + M03, M10 * i + M11 * j + M12 * k + M13, M20 * i + M21 * j + M22 * k + M23);

    private static double Length(double a, double b, double c) => Math.Sqrt(a * a + b * b + c * c);
}
