using System.Globalization;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;

namespace VerSemi.Ingest.Cases;

/// <summary>
/// How a label lies on its image. Either file may hold two geometries (sform and qform): one pair that agrees is enough.
/// A label whose axes run along others, or the other way, is brought to the image's: only the order of voxels changes.
/// </summary>
internal sealed class LabelPlace
{
    private readonly Grid _image, _label;

    private LabelPlace(Grid image, Grid label, string? note) => (_image, _label, Note) = (image, label, note);

    public string? Note { get; }

    /// <param name="tolerance">In voxels, between the corners of both grids.</param>
    /// <returns>Null where they lie in two places; <see cref="Difference"/> says how.</returns>
    public static LabelPlace? Find(NiftiHeader image, NiftiHeader label, double tolerance)
    {
        var pairs = (from i in Grids(image) from l in Grids(label) select (Image: i, Label: l)).ToList();
        if (pairs.FirstOrDefault(pair => Same(pair.Image, pair.Label, tolerance)) is { Image: not null } same)
            return new LabelPlace(same.Image, same.Image, same == pairs[0] ? null : TwoGeometries);
        if (pairs.FirstOrDefault(pair => Same(Ras(pair.Image), Ras(pair.Label), tolerance)) is { Image: not null } turned)
            return new LabelPlace(turned.Image, turned.Label,
                $"The label's axes run along {Code(turned.Label)}, the image's along {Code(turned.Image)}: the label's voxels were put into the image's order, none was changed.");
        return null;
    }

    /// <summary>In what the places differ, for people.</summary>
    public static string Difference(NiftiHeader image, NiftiHeader label, string imageName, double tolerance)
    {
        if (Ras(label.Grid).Size != Ras(image.Grid).Size)
            return $"its shape is {label.Grid.Size}, but that of {imageName} is {image.Grid.Size}; they must be equal";
        var (i, l) = (image.Grid, label.Grid);
        var differences = new[]
        {
            Code(i) == Code(l) ? null : $"orientation {Code(l)}, not {Code(i)}",
            Near(i.Spacing, l.Spacing, 1e-3) ? null : $"voxels of {Text(l.Spacing)}, not {Text(i.Spacing)} mm",
            Near(i.Affine.Column(3), l.Affine.Column(3), 1e-3) ? null : $"origin at {Text(l.Affine.Column(3))}, not {Text(i.Affine.Column(3))} mm",
        };
        var two = image.Second is null && label.Second is null ? ""
            : $"; {(image.Second is null ? "the label" : "the image")} holds two geometries, an sform and a qform that lie apart, and neither fits";
        return string.Create(CultureInfo.InvariantCulture,
            $"it lies elsewhere than {imageName}: {string.Join(", ", differences.OfType<string>().DefaultIfEmpty("axes turned"))}; the corners of their grids are up to {Distance(i, l):0.##} voxels apart, {tolerance} is allowed{two}. Give both the same affine");
    }

    /// <summary>The label's voxels in the image's order.</summary>
    public ushort[] Ordered(ushort[] voxels)
    {
        if (_image == _label)
            return voxels;
        var ras = Orientation.Of(_label.Affine).ToRas(new Volume<ushort>(_label, voxels));
        return Orientation.Of(_image.Affine).FromRas(ras, _image).Voxels;
    }

    private const string TwoGeometries =
        "Image and label agree by one of the two geometries that sform and qform give, not by the one that is taken first; their voxels were paired one by one.";

    private static Grid[] Grids(NiftiHeader header) => header.Second is { } second ? [header.Grid, second] : [header.Grid];

    private static bool Same(Grid image, Grid label, double tolerance) => image.Size == label.Size && image.CornerDistance(label) <= tolerance;

    private static double Distance(Grid image, Grid label) => image.Size == label.Size ? image.CornerDistance(label) : Ras(image).CornerDistance(Ras(label));

    private static Grid Ras(Grid grid) => Orientation.Of(grid.Affine).ToRas(grid);

    private static string Code(Grid grid) => Orientation.Of(grid.Affine).Code;

    private static bool Near((double X, double Y, double Z) a, (double X, double Y, double Z) b, double tolerance) =>
        Math.Abs(a.X - b.X) < tolerance && Math.Abs(a.Y - b.Y) < tolerance && Math.Abs(a.Z - b.Z) < tolerance;

    private static string Text((double X, double Y, double Z) v) => string.Create(CultureInfo.InvariantCulture, $"({v.X:0.###}, {v.Y:0.###}, {v.Z:0.###})");
}
