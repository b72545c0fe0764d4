namespace VerSemi.Imaging.Dicom.Series;

/// <summary>Which slices of a series are one volume: those of one orientation, size and spacing, and of those that share places, those of one echo, b-value, time or acquisition.</summary>
internal static class SliceGroups
{
    private const double SameCosine = 1e-3, SameSpacing = 1e-4;

    /// <summary>Places that differ by less are one, in millimetres.</summary>
    private const double SamePlace = 1e-3;

    public static IReadOnlyList<List<DicomSlice>> ByGeometry(IEnumerable<DicomSlice> slices)
    {
        var groups = new List<List<DicomSlice>>();
        foreach (var slice in slices)
            if (groups.FirstOrDefault(group => IsAlike(group[0], slice)) is { } group)
                group.Add(slice);
            else
                groups.Add([slice]);
        return groups;
    }

    /// <summary>The same slices without those that are another one once more: same place, same pixels.</summary>
    /// <param name="content">Hash of a slice's pixels.</param>
    public static List<DicomSlice> WithoutCopies(List<DicomSlice> slices, Func<DicomSlice, string> content) =>
        [.. ByPlace(slices).SelectMany(same => same.Count == 1 ? same : same.DistinctBy(content))];

    /// <summary>Slices that lie at one place each.</summary>
    public static IReadOnlyList<List<DicomSlice>> ByPlace(List<DicomSlice> slices)
    {
        var (normal, places) = (slices[0].Normal, new List<List<DicomSlice>>());
        foreach (var slice in slices.OrderBy(slice => SliceStack.PlaceOf(slice, normal)))
            if (places.Count > 0 && Math.Abs(SliceStack.PlaceOf(places[^1][0], normal) - SliceStack.PlaceOf(slice, normal)) < SamePlace)
                places[^1].Add(slice);
            else
                places.Add([slice]);
        return places;
    }

    /// <summary>Volumes with what marks each; null where nothing in the headers tells the slices of one place apart.</summary>
    public static IReadOnlyList<(string Mark, List<DicomSlice> Slices)>? BySharedPlaces(List<DicomSlice> slices)
    {
        var most = ByPlace(slices).Max(same => same.Count);
        if (most == 1)
            return [("", slices)];
        var names = slices[0].Marks.Select(mark => mark.Name).ToList();
        var keys = names.Select<string, Func<DicomSlice, string>>((_, i) => slice => slice.Marks[i].Value).ToList();
        for (var i = 0; i < keys.Count; i++)
            if (Split(slices, keys[i], most) is { } found)
                return [.. found.Select((group, n) => ($"{names[i]} {n + 1} of {found.Count}", group))];
        return Split(slices, slice => string.Join('|', slice.Marks.Select(mark => mark.Value)), most) is { } together
            ? [.. together.Select((group, n) => ($"part {n + 1} of {together.Count}", group))] : null;
    }

    /// <summary>Null where a part still has two slices of one place, or there are more parts than slices at any place.</summary>
    private static List<List<DicomSlice>>? Split(List<DicomSlice> slices, Func<DicomSlice, string> key, int most)
    {
        var parts = slices.GroupBy(key).OrderBy(part => part.Key.Length).ThenBy(part => part.Key, StringComparer.Ordinal).Select(part => part.ToList()).ToList();
        return parts.Count == most && parts.TrueForAll(part => ByPlace(part).All(same => same.Count == 1)) ? parts : null;
    }

    private static bool IsAlike(DicomSlice a, DicomSlice b) =>
        a.Rows == b.Rows && a.Columns == b.Columns && (a.AlongRow - b.AlongRow).Length < SameCosine && (a.AlongColumn - b.AlongColumn).Length < SameCosine
        && Math.Abs(a.RowSpacing - b.RowSpacing) < SameSpacing * a.RowSpacing && Math.Abs(a.ColumnSpacing - b.ColumnSpacing) < SameSpacing * a.ColumnSpacing;
}
