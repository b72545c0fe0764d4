using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Phantoms;

/// <summary>One synthetic dataset: what it annotates, how it looks, and how its files lie in space.</summary>
/// <param name="Structure">The one structure that is annotated, by its name in lower case.</param>
/// <param name="Axes">Where the file's x, y and z point to: three of R/L, A/P, S/I.</param>
/// <param name="Spacing">Millimetres along the file's x, y, z.</param>
public sealed record PhantomDataset(
    string Name, PhantomTissue Structure, PhantomLook Look, string Axes, (double X, double Y, double Z) Spacing)
{
    /// <summary>Millimetres that every volume spans, whatever its spacing. The body is about 36 × 31 × 80 mm.</summary>
    public double FieldOfView { get; init; } = 40;

    /// <summary>Draws a patient.</summary>
    public Func<Random, IPhantomAnatomy> Anatomy { get; init; } = random => new PhantomAnatomy(random);

    public static IReadOnlyList<PhantomDataset> All { get; } =
    [
        new("PhantomLiver", PhantomTissue.Liver, PhantomLook.T1, "RAS", (1.0, 1.0, 1.0)),
        new("PhantomVessel", PhantomTissue.Vessel, PhantomLook.Ct, "LPS", (1.1, 1.1, 1.4)),
        new("PhantomKidney", PhantomTissue.Kidney, PhantomLook.T2, "PIR", (1.0, 1.25, 1.1)),
        new("PhantomNodule", PhantomTissue.Nodule, PhantomLook.Ultrasound, "SLA", (1.2, 1.0, 1.0)),
    ];

    /// <summary>
    /// Four targets of very different size in the same head, one annotated in each dataset, all of one modality and spacing:
    /// nothing but the prompt says which of them is asked for.
    /// </summary>
    public static IReadOnlyList<PhantomDataset> Sizes { get; } =
    [
        Head("HeadCerebellum", PhantomTissue.Cerebellum, "RAS"), Head("HeadStriatum", PhantomTissue.Striatum, "LPS"),
        Head("HeadThalamus", PhantomTissue.Thalamus, "RAS"), Head("HeadGland", PhantomTissue.Gland, "PIR"),
    ];

    private static PhantomDataset Head(string name, PhantomTissue structure, string axes) =>
        new(name, structure, PhantomLook.T1, axes, (1, 1, 1)) { FieldOfView = 48, Anatomy = random => new PhantomHead(random) };

    /// <summary>The file's grid, its centre at this point of the anatomy (mm, RAS+).</summary>
    public Grid Grid(double x, double y, double z)
    {
        var spacing = new[] { Spacing.X, Spacing.Y, Spacing.Z };
        var size = Array.ConvertAll(spacing, s => (int)Math.Round(FieldOfView / s));
        double[] centre = [x, y, z];
        var m = new double[3, 4];
        for (var axis = 0; axis < 3; axis++)
        {
            var world = "RLAPSI".IndexOf(Axes[axis], StringComparison.Ordinal);
            m[world / 2, axis] = world % 2 == 0 ? spacing[axis] : -spacing[axis];
            m[world / 2, 3] = centre[world / 2] - m[world / 2, axis] * (size[axis] - 1) / 2;
        }
        return new Grid(new Size3(size[0], size[1], size[2]), new Affine(
            m[0, 0], m[0, 1], m[0, 2], m[0, 3], m[1, 0], m[1, 1], m[1, 2], m[1, 3], m[2, 0], m[2, 1], m[2, 2], m[2, 3]));
    }
}
