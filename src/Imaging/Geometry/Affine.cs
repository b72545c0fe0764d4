namespace VerSemi.Imaging.Geometry;

/// <summary>The upper three rows of a 4×4 affine, row-major: RAS+ millimetres = M · (i, j, k, 1).</summary>
public sealed record Affine(
    double M00, double M01, double M02, double M03,
    double M10, double M11, double M12, double M13,
    double M20, double M21, double M22, double M23)
{
    /// <summary>Lengths of the columns: millimetres between voxel centres along i, j, k.</summary>
    public (double X, double Y, double Z) Spacing => (Length(M00, M10, M20), Length(M01, M11, M21), Length(M02, M12, M22));

    public double Determinant =>
        M00 * (M11 * M22 - M12 * M21) - M01 * (M10 * M22 - M12 * M20) + M02 * (M10 * M21 - M11 * M20);

    public bool IsFinite => Rows().All(double.IsFinite);

    public static Affine Scaling(double x, double y, double z) => new(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0);

    /// <param name="column">0…2: the step of one voxel along that array axis; 3: the centre of the first voxel.</param>
    public static Affine FromColumns((double X, double Y, double Z)[] column) => new(
        column[0].X, column[1].X, column[2].X, column[3].X,
        column[0].Y, column[1].Y, column[2].Y, column[3].Y,
        column[0].Z, column[1].Z, column[2].Z, column[3].Z);

    /// <summary>Column 0…2: the step of one voxel along that array axis; 3: the centre of the first voxel.</summary>
    public (double X, double Y, double Z) Column(int index) => index switch
    {
        0 => (M00, M10, M20),
        1 => (M01, M11, M21),
        2 => (M02, M12, M22),
        3 => (M03, M13, M23),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>The twelve numbers, row after row.</summary>
    public double[] Rows() => [M00, M01, M02, M03, M10, M11, M12, M13, M20, M21, M22, M23];

    public (double X, double Y, double Z) Apply(double i, double j, double k) =>
        (M00 * i + M01 * j + M02 * k + M03, M10 * i + M11 * j + M12 * k + M13, M20 * i + M21 * j + M22 * k + M23);

    /// <summary>The voxel index at a place, in millimetres RAS+: <see cref="Apply"/> the other way round.</summary>
    public (double I, double J, double K) Locate(double x, double y, double z)
    {
        var (dx, dy, dz) = (x - M03, y - M13, z - M23);
        var scale = 1 / Determinant;
        return (
            scale * ((M11 * M22 - M12 * M21) * dx + (M02 * M21 - M01 * M22) * dy + (M01 * M12 - M02 * M11) * dz),
            scale * ((M12 * M20 - M10 * M22) * dx + (M00 * M22 - M02 * M20) * dy + (M02 * M10 - M00 * M12) * dz),
            scale * ((M10 * M21 - M11 * M20) * dx + (M01 * M20 - M00 * M21) * dy + (M00 * M11 - M01 * M10) * dz));
    }

    private static double Length(double a, double b, double c) => Math.Sqrt(a * a + b * b + c * c);
}
