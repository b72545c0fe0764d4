using System.Globalization;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>Slices of one orientation in the order of their places, and the grid that they make; or why they make none.</summary>
internal sealed class SliceStack
{
    /// <summary>Steps may differ by this share of the median one, or by <see cref="JitterMillimetres"/>.</summary>
    private const double Jitter = 0.01, JitterMillimetres = 0.01;

    /// <summary>How far a slice may lie from its place on the grid, in voxels.</summary>
    private const double LargestShift = 0.1;

    private const double NotedTilt = 0.1;

    private readonly List<string> _notes = [];

    private SliceStack(IReadOnlyList<DicomSlice> slices) => Slices = slices;

    public IReadOnlyList<DicomSlice> Slices { get; }
    public Grid? Grid { get; private set; }
    public string? Refusal { get; private set; }
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Along the normal of the first slice (PS3.3 section C.7.6.2.1.1); never by name or number.</summary>
    public static double PlaceOf(DicomSlice slice, Vector3D normal) => slice.Position.Dot(normal);

    /// <param name="slices">At least two, of one orientation, no two of one place.</param>
    public static SliceStack Of(IReadOnlyList<DicomSlice> slices)
    {
        var normal = slices[0].Normal;
        var stack = new SliceStack([.. slices.OrderBy(slice => PlaceOf(slice, normal))]);
        stack.Refusal = stack.FaultOf(normal);
        if (stack.Refusal is null)
            stack.Arrange(normal);
        return stack;
    }

    private string? FaultOf(Vector3D normal)
    {
        var places = Slices.Select(slice => PlaceOf(slice, normal)).ToArray();
        var steps = Enumerable.Range(1, places.Length - 1).Select(i => places[i] - places[i - 1]).ToArray();
        var median = steps.Order().ElementAt(steps.Length / 2);
        var tolerance = Math.Max(Jitter * median, JitterMillimetres);
        var odd = Array.FindIndex(steps, step => Math.Abs(step - median) > tolerance);
        if (odd < 0)
            return null;
        var missing = Math.Round(steps[odd] / median) - 1;
        var between = Invariant($"between {Slices[odd].File} and {Slices[odd + 1].File} (at {places[odd]:0.##} and {places[odd + 1]:0.##} mm along the normal)");
        return missing >= 1 && Math.Abs(steps[odd] - (missing + 1) * median) <= tolerance * (missing + 1)
            ? Invariant($"{missing} slice(s) are missing {between}: the step there is {steps[odd]:0.###} mm, elsewhere {median:0.###} mm. Export the whole series again.")
            : Invariant($"The spacing varies: {steps[odd]:0.###} mm {between}, but {median:0.###} mm elsewhere. Resample it, or drop the parts as series of their own.");
    }

    private void Arrange(Vector3D normal)
    {
        var (first, last) = (Slices[0], Slices[^1]);
        var step = (last.Position - first.Position) * (1.0 / (Slices.Count - 1));
        var smallest = Math.Min(Math.Min(first.RowSpacing, first.ColumnSpacing), step.Length);
        for (var k = 0; k < Slices.Count; k++)
            if ((Slices[k].Position - (first.Position + step * k)).Length is var apart && apart > Math.Max(LargestShift * smallest, JitterMillimetres))
            {
                Refusal = Invariant($"{Slices[k].File} lies {apart:0.###} mm from its place on a regular grid. Resample the series, or export it again.");
                return;
            }
        NoteTilt(step, normal);
        NoteThickness(step.Dot(normal));
        Grid = new Grid(new Size3(first.Columns, first.Rows, Slices.Count), Affine.FromColumns(
            [(first.AlongRow * first.ColumnSpacing).Ras, (first.AlongColumn * first.RowSpacing).Ras, step.Ras, first.Position.Ras]));
    }

    private void NoteTilt(Vector3D step, Vector3D normal)
    {
        var angle = Math.Acos(Math.Clamp(step.Dot(normal) / step.Length, -1, 1)) * 180 / Math.PI;
        if (angle > NotedTilt)
            _notes.Add(Invariant($"The slices are sheared by {angle:0.##}°, as by a tilted gantry, found from their positions; the shear was kept."));
    }

    private void NoteThickness(double spacing)
    {
        if (Slices[0].Thickness is { } thickness && Math.Abs(thickness - spacing) > 0.01 * spacing)
            _notes.Add(Invariant($"SliceThickness is {thickness:0.###} mm, but the slices are {spacing:0.###} mm apart, which was taken."));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
