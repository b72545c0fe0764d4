using System.Globalization;
using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// A header says up to three times how large voxels are and where they lie: sform, qform, pixdim. Where these disagree by
/// a little, or only the place differs, the sform is taken and both are noted; where they disagree about the size of a
/// voxel or mirror each other, there is no telling which is right. Rules for people: docs/drops.md, "Geometry".
/// </summary>
internal static class HeaderChecks
{
    /// <summary>Sizes that differ by less are rounding; the share of the smaller one.</summary>
    private const double EqualSize = 1e-3;

    /// <summary>An affine registration that was written into the sform, or a gantry's tilt, changes sizes by less.</summary>
    private const double LargestSizeDifference = 0.25;

    /// <summary>In voxels: forms that place a corner this far apart are two places.</summary>
    private const double Apart = 0.5;

    private const double LargestAngle = 1;
    private const double LargestVoxel = 30, LargestSide = 3000, SmallestSide = 1;

    public static IReadOnlyList<Finding> Of(HeaderFields header, Grid grid, string file)
    {
        var findings = new List<Finding?> { Orientation(header), Sizes(header, grid), Forms(header, grid, file), Shear(header, grid), Extent(header, grid) };
        return [.. findings.OfType<Finding>()];
    }

    /// <summary>The qform's grid where both forms are set and lie apart.</summary>
    public static Grid? Second(HeaderFields header, Grid grid, string file) =>
        TryQForm(header, file) is { } qform && grid.CornerDistance(new Grid(grid.Size, qform)) > Apart ? new Grid(grid.Size, qform) : null;

    public static string Text((double X, double Y, double Z) millimetres) =>
        string.Create(CultureInfo.InvariantCulture, $"{millimetres.X:0.####} × {millimetres.Y:0.####} × {millimetres.Z:0.####} mm");

    private static Finding? Orientation(HeaderFields header) => header.SFormCode > 0 || header.QFormCode > 0 ? null
        : new Finding(Severity.Note, "The header has neither an sform nor a qform, so its orientation is unknown: its axes were taken for L, A, S, as nibabel and FSL do. Left and right may be exchanged.");

    private static Finding? Sizes(HeaderFields header, Grid grid)
    {
        if (header.SFormCode <= 0)
            return null;
        var unit = HeaderGeometry.Millimetres(header);
        double Size(int axis) => Math.Abs(HeaderGeometry.VoxelSize(header, axis)) * unit;
        var (pixdim, sform) = ((X: Size(1), Y: Size(2), Z: Size(3)), grid.Spacing);
        var differences = new[] { Difference(pixdim.X, sform.X), Difference(pixdim.Y, sform.Y), Difference(pixdim.Z, sform.Z) };
        var largest = differences.Take((int)Math.Clamp(header.Dim[0], 1, 3)).Max();
        if (largest <= EqualSize)
            return null;
        var both = $"The sform has voxels of {Text(sform)}, pixdim of {Text(pixdim)}";
        return largest > LargestSizeDifference
            ? new Finding(Severity.Unusable, $"{both}: one of them is wrong. Correct the header so that both agree.")
            : new Finding(Severity.Note, $"{both}; the sform was taken.");
    }

    private static double Difference(double a, double b) => Math.Max(a, b) / Math.Min(a, b) - 1;

    private static Finding? Forms(HeaderFields header, Grid grid, string file)
    {
        if (header.SFormCode <= 0 || header.QFormCode <= 0)
            return null;
        if (TryQForm(header, file) is not { } qform)
            return new Finding(Severity.Note, $"The qform (quaternion {string.Join(", ", header.Quaternion.Select(Number))}) cannot be read; the sform was taken.");
        var both = $"The sform (code {header.SFormCode}, {Geometry.Orientation.Of(grid.Affine).Code}) and the qform (code {header.QFormCode}, {Geometry.Orientation.Of(qform).Code})";
        if (Math.Sign(qform.Determinant) != Math.Sign(grid.Affine.Determinant))
            return new Finding(Severity.Unusable, $"{both} mirror each other, so left and right cannot be told. Correct the header so that both agree.");
        var apart = grid.CornerDistance(new Grid(grid.Size, qform));
        var (x, y, z) = grid.Spacing;
        return apart <= Apart ? null
            : new Finding(Severity.Note, $"{both} place the voxels up to {Number(apart * Math.Min(x, Math.Min(y, z)))} mm apart; the sform was taken.");
    }

    private static Affine? TryQForm(HeaderFields header, string file)
    {
        if (header.SFormCode <= 0 || header.QFormCode <= 0)
            return null;
        try
        {
            var qform = HeaderGeometry.QForm(header, file);
            HeaderGeometry.Check(qform, "qform", file);
            return HeaderGeometry.InMillimetres(qform, header);
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }

    private static Finding? Shear(HeaderFields header, Grid grid)
    {
        if (header.SFormCode <= 0)
            return null;
        var angle = new[] { (0, 1), (0, 2), (1, 2) }.Max(pair => OffSquare(grid.Affine.Column(pair.Item1), grid.Affine.Column(pair.Item2)));
        return angle <= LargestAngle ? null : new Finding(Severity.Note, $"The axes are sheared by {Number(angle)}°, as by a tilted gantry; the shear was kept.");
    }

    /// <summary>By how many degrees the angle between two steps differs from 90.</summary>
    private static double OffSquare((double X, double Y, double Z) a, (double X, double Y, double Z) b)
    {
        var cosine = (a.X * b.X + a.Y * b.Y + a.Z * b.Z) / Math.Sqrt((a.X * a.X + a.Y * a.Y + a.Z * a.Z) * (b.X * b.X + b.Y * b.Y + b.Z * b.Z));
        return Math.Asin(Math.Min(1, Math.Abs(cosine))) * 180 / Math.PI;
    }

    /// <summary>No scanner makes such voxels, and no body is so large or small: most often the units are not what the header says.</summary>
    private static Finding? Extent(HeaderFields header, Grid grid)
    {
        var ((x, y, z), size) = (grid.Spacing, grid.Size);
        var (largestVoxel, longest) = (Math.Max(x, Math.Max(y, z)), Math.Max(x * size.X, Math.Max(y * size.Y, z * size.Z)));
        if (largestVoxel <= LargestVoxel && longest is <= LargestSide and >= SmallestSide)
            return null;
        var (unit, name) = longest >= 1000 ? (1000, "m") : (1, "mm");
        var extent = $"{Number(x * size.X / unit)} × {Number(y * size.Y / unit)} × {Number(z * size.Z / unit)} {name}";
        return new Finding(Severity.Implausible, $"The image is {extent} large with voxels of {Text((x, y, z))}, which is not plausible for a body. The header gives its lengths in {UnitOf(header)}: are the units right?");
    }

    private static string UnitOf(HeaderFields header) => (header.Units & 7) switch { 1 => "metres", 2 => "millimetres", 3 => "micrometres", _ => "no unit, taken for millimetres" };

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) is var text && text != "0" ? text : value.ToString("G2", CultureInfo.InvariantCulture);
}
