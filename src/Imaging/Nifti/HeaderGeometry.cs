using System.Globalization;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// The affine of a header, in millimetres, by the order of precedence that is usual among readers (nibabel, FSL): sform
/// where its code is above 0 (nifti1.h "method 3"), else qform where its code is above 0 ("method 2"), else the voxel
/// sizes alone ("method 1"). The standard gives no orientation to the last; nibabel's and FSL's is taken: axes L, A, S,
/// the origin in the middle of the grid.
/// </summary>
internal static class HeaderGeometry
{
    /// <summary>Smallest share of the box of its three steps that a voxel may fill; below it the axes lie in a plane.</summary>
    private const double SmallestVolumeShare = 1e-4;

    /// <summary>NIfTI-1 stores float32, NIfTI-2 float64.</summary>
    private const double FloatEpsilon = 1.0 / (1 << 23);
    private const double DoubleEpsilon = 1.0 / (1L << 52);

    public static Affine Affine(HeaderFields header, string file)
    {
        CheckVoxelSizes(header, file);
        var (source, affine) = header switch
        {
            { SFormCode: > 0 } => ("sform", SForm(header)),
            { QFormCode: > 0 } => ("qform", QForm(header, file)),
            _ => ("pixdim", Centred(header)),
        };
        affine = InMillimetres(affine, header);
        Check(affine, source, file);
        return affine;
    }

    /// <summary>A size of zero is a broken file whatever the sform says; a sign matters only where the sizes are used.</summary>
    private static void CheckVoxelSizes(HeaderFields header, string file)
    {
        for (var axis = 1; axis <= Math.Min(3, header.Dim[0]); axis++)
        {
            var size = header.PixDim[axis];
            if (size == 0 || !double.IsFinite(size) || (size < 0 && header.SFormCode <= 0))
                throw new InvalidImageException(file, string.Create(CultureInfo.InvariantCulture, $"has the voxel size pixdim[{axis}] = {size}; expected a finite number above 0.{Repair(header)}"));
        }
    }

    private static string Repair(HeaderFields header) => header.SFormCode <= 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $" The sform has voxels of {HeaderChecks.Text(SForm(header).Spacing)}: write these sizes into pixdim.");

    private static Affine Centred(HeaderFields header)
    {
        var (x, y, z) = (VoxelSize(header, 1), VoxelSize(header, 2), VoxelSize(header, 3));
        double Middle(int axis) => axis <= header.Dim[0] ? (header.Dim[axis] - 1) / 2.0 : 0;
        return new Affine(-x, 0, 0, x * Middle(1), 0, y, 0, -y * Middle(2), 0, 0, z, -z * Middle(3));
    }

    /// <summary>Files with fewer than three dimensions may leave the other sizes 0.</summary>
    public static double VoxelSize(HeaderFields header, int axis) => axis <= header.Dim[0] ? header.PixDim[axis] : 1;

    private static Affine SForm(HeaderFields header)
    {
        var s = header.SRows;
        return new Affine(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11]);
    }

    /// <exception cref="InvalidImageException">The three numbers are no quaternion, or the affine is not finite.</exception>
    public static Affine QForm(HeaderFields header, string file)
    {
        var precision = 3 * (header.Version == 1 ? FloatEpsilon : DoubleEpsilon);
        var r = Quaternion.ToRotation(header.Quaternion, precision) ?? throw new InvalidImageException(file,
            string.Create(CultureInfo.InvariantCulture, $"has the qform quaternion ({string.Join(", ", header.Quaternion)}); expected three finite numbers whose squares sum to at most 1."));
        var (x, y) = (Math.Abs(VoxelSize(header, 1)), Math.Abs(VoxelSize(header, 2)));
        var z = Math.Abs(VoxelSize(header, 3)) * (header.PixDim[0] < 0 ? -1 : 1);
        var offset = header.QOffset;
        return new Affine(
            r[0, 0] * x, r[0, 1] * y, r[0, 2] * z, offset[0],
            r[1, 0] * x, r[1, 1] * y, r[1, 2] * z, offset[1],
            r[2, 0] * x, r[2, 1] * y, r[2, 2] * z, offset[2]);
    }

    public static void Check(Affine affine, string source, string file)
    {
        var rows = string.Join(", ", affine.Rows().Select(value => value.ToString("G6", CultureInfo.InvariantCulture)));
        if (!affine.IsFinite)
            throw new InvalidImageException(file, $"has an affine ({source}) that is not finite: {rows}.");
        var (x, y, z) = affine.Spacing;
        if (x == 0 || y == 0 || z == 0)
            throw new InvalidImageException(file, string.Create(CultureInfo.InvariantCulture, $"has an affine ({source}) with the spacing {x}, {y}, {z}; expected numbers above 0. Affine: {rows}."));
        if (!(Math.Abs(affine.Determinant) > SmallestVolumeShare * x * y * z))
            throw new InvalidImageException(file, $"has an affine ({source}) whose axes lie in one plane: {rows}.");
    }

    /// <summary>Of one unit. NIFTI_UNITS_…: 1 metre, 3 micrometre; 2 is millimetre, and 0 (unknown) is taken for it.</summary>
    public static double Millimetres(HeaderFields header) => (header.Units & 7) switch { 1 => 1000.0, 3 => 0.001, _ => 1.0 };

    public static Affine InMillimetres(Affine affine, HeaderFields header)
    {
        var scale = Millimetres(header);
        return scale == 1 ? affine : Geometry.Affine.FromColumns(
            [.. Enumerable.Range(0, 4).Select(affine.Column).Select(c => (c.X * scale, c.Y * scale, c.Z * scale))]);
    }
}
