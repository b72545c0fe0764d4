using System.Globalization;
using VerSemi.Domain;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Series;

namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>
/// RTSTRUCT (PS3.3 sections C.8.8.5 and C.8.8.6): closed planar contours in the patient's coordinates. A voxel is inside where its centre is;
/// contours of one ROI on one slice are combined by exclusive or, so that an inner one is a hole.
/// </summary>
public static class StructureSetReader
{
    /// <summary>How far, in slices, the points of one contour may lie apart along the normal.</summary>
    private const double LargestTilt = 0.5;

    /// <summary>Further than this from the middle of a slice, in slices, is noted.</summary>
    private const double NotedShift = 0.25;

    /// <param name="values">The value to write by ROI name; others are passed over.</param>
    /// <exception cref="InvalidImageException">A contour is damaged, or does not lie in a slice.</exception>
    public static void Read(DicomFile file, IReadOnlyDictionary<string, ushort> values, LabelMap into)
    {
        foreach (var (name, contours) in Rois(file.Data))
            if (values.TryGetValue(name, out var value))
                Fill(name, contours, value, into);
    }

    /// <summary>Those that have a contour: a ROI without one was named, not drawn.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<DicomDataset> Contours)> Rois(DicomDataset data)
    {
        var names = new Dictionary<int, string>();
        foreach (var roi in data.Items(Tags.StructureSetROISequence))
            names.TryAdd(roi.RequiredWhole(Tags.ROINumber), roi.Text(Tags.ROIName));
        foreach (var roi in data.Items(Tags.ROIContourSequence))
            if (names.TryGetValue(roi.RequiredWhole(Tags.ReferencedROINumber), out var name) && roi.Items(Tags.ContourSequence).Where(IsClosed).ToList() is { Count: > 0 } contours)
                yield return (name, contours);
    }

    private static bool IsClosed(DicomDataset contour) => contour.Text(Tags.ContourGeometricType) is "CLOSED_PLANAR" or "CLOSEDPLANAR_XOR";

    private static void Fill(string name, IReadOnlyList<DicomDataset> contours, ushort value, LabelMap into)
    {
        var size = into.Volume.Grid.Size;
        var (slices, shifted, beyond) = (new SortedDictionary<int, List<(double X, double Y)[]>>(), 0, 0);
        foreach (var contour in contours)
        {
            var (points, k) = Locate(contour, name, into.Volume);
            var slice = (int)Math.Clamp(Math.Round(k), -1, size.Z);
            if (slice < 0 || slice >= size.Z)
            {
                beyond++;
                continue;
            }
            shifted += Math.Abs(k - slice) > NotedShift ? 1 : 0;
            if (slices.TryGetValue(slice, out var others))
                others.Add(points);
            else
                slices[slice] = [points];
        }
        foreach (var (slice, polygons) in slices)
            Mark(PolygonFill.Xor(polygons, size.X, size.Y), slice * size.X * size.Y, value, into);
        NotesOf(ShownText.Of(name), slices.Keys, contours.Count, shifted, beyond, into);
    }

    private static void Mark(bool[] inside, int first, ushort value, LabelMap into)
    {
        for (var p = 0; p < inside.Length; p++)
            if (inside[p])
                into.Mark(first + p, value);
    }

    /// <summary>In voxels: column and row of each point, and the contour's slice.</summary>
    private static ((double X, double Y)[] Points, double Slice) Locate(DicomDataset contour, string name, DicomVolume volume)
    {
        var numbers = contour.Numbers(Tags.ContourData);
        if (numbers.Length < 9 || numbers.Length % 3 != 0)
            throw contour.Fault(Tags.ContourData, $"has {numbers.Length} numbers; three for each of at least three points are expected");
        var located = Enumerable.Range(0, numbers.Length / 3).Select(i =>
        {
            var (x, y, z) = new Vector3D(numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]).Ras;
            return volume.Grid.Affine.Locate(x, y, z);
        }).ToList();
        var (low, high) = (located.Min(point => point.K), located.Max(point => point.K));
        if (high - low > LargestTilt)
            throw contour.Fault(Tags.ContourData, string.Create(CultureInfo.InvariantCulture, $"crosses {high - low:0.##} slices of its series: a contour of '{ShownText.Of(name)}' does not lie in a slice"));
        return ([.. located.Select(point => (point.I, point.J))], (low + high) / 2);
    }

    private static void NotesOf(string name, IEnumerable<int> filled, int contours, int shifted, int beyond, LabelMap into)
    {
        if (beyond > 0)
            into.Note($"{beyond} of {contours} contours of '{name}' lie outside of the series and were left out.");
        if (shifted > 0)
            into.Note($"{shifted} of {contours} contours of '{name}' lie between two slices; each was put on the nearer one.");
        var slices = filled.ToList();
        if (slices.Count > 1 && slices[^1] - slices[0] + 1 is var all && all > slices.Count)
            into.Note($"'{name}' has contours on {slices.Count} of the {all} slices between its first and its last; the others were left empty.");
    }
}
