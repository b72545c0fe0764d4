using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>A volume of a series: its slices in the order of the third axis, whose grid is in RAS.</summary>
/// <param name="Number">Counted from 1 within the series.</param>
public sealed record DicomVolume(int Number, IReadOnlyList<DicomSlice> Slices, Grid Grid, IReadOnlyList<string> Notes);

/// <summary>What became of a series.</summary>
/// <param name="Entry">Its first file, which stands for its study, patient and description.</param>
/// <param name="Refusals">Why the series, or a part of it, makes no volume: whole sentences that name files and places.</param>
/// <param name="LeftOut">Files that are no part of a volume for their kind (localizers, captures), with the reason.</param>
public sealed record DicomSeries(DicomEntry Entry, IReadOnlyList<DicomVolume> Volumes, IReadOnlyList<string> Refusals, IReadOnlyList<(string File, string Reason)> LeftOut);

/// <summary>
/// Files → volumes. Where headers leave open which slices belong together or where they lie, the series is refused with file and
/// place rather than guessed.
/// </summary>
public static class SeriesAssembler
{
    /// <param name="entries">Images; other kinds are passed over.</param>
    /// <param name="minimumSlices">Stacks with fewer are no case.</param>
    /// <param name="content">Hash of a slice's stored pixels; asked only of slices that lie at one place.</param>
    /// <returns>In the order of the series' first files.</returns>
    public static IReadOnlyList<DicomSeries> Assemble(IEnumerable<DicomEntry> entries, int minimumSlices, Func<DicomSlice, string> content) =>
        [.. entries.Where(entry => entry.Kind == DicomKind.Image).OrderBy(entry => entry.File, StringComparer.Ordinal).GroupBy(entry => (entry.Series, entry.Modality)).Select(series => One([.. series], minimumSlices, content))];

    private static DicomSeries One(IReadOnlyList<DicomEntry> entries, int minimumSlices, Func<DicomSlice, string> content)
    {
        var (volumes, refusals, notes) = (new List<DicomVolume>(), new List<string>(), NotesOf(entries));
        var groups = SliceGroups.ByGeometry(entries.SelectMany(entry => entry.Slices));
        foreach (var group in groups)
            if (group.Count < minimumSlices || (group.Count < 2 && minimumSlices < 2))
                refusals.Add($"{group.Count} slice(s) from {group[0].File} on share one orientation, size and spacing; at least {Math.Max(2, minimumSlices)} make a volume.");
            else
                AddVolumes(group, content, notes, volumes, refusals);
        var leftOut = entries.Where(entry => entry.Refusal is not null).Select(entry => (entry.File, entry.Refusal!)).ToList();
        return new DicomSeries(entries[0], volumes, refusals, leftOut);
    }

    private static void AddVolumes(List<DicomSlice> group, Func<DicomSlice, string> content, List<string> notes, List<DicomVolume> volumes, List<string> refusals)
    {
        var own = new List<string>(notes);
        var parts = SliceGroups.BySharedPlaces(group);
        if (parts is null && SliceGroups.WithoutCopies(group, content) is { } kept && kept.Count < group.Count)
        {
            own.Add($"{group.Count - kept.Count} slice(s) are there twice, with the same place and pixels; one of each was taken.");
            parts = SliceGroups.BySharedPlaces(kept);
        }
        if (parts is null)
        {
            var same = SliceGroups.ByPlace(group).First(place => place.Count > 1);
            refusals.Add($"{same.Count} slices lie at one place with other pixels ({string.Join(", ", same.Take(3).Select(slice => slice.File))}), and no echo, b-value, time or acquisition tells them apart. Export each volume as a series of its own.");
            return;
        }
        foreach (var (mark, slices) in parts)
            AddVolume(slices, mark.Length == 0 ? own : [.. own, $"The series holds several volumes; this is {mark}."], volumes, refusals);
    }

    private static void AddVolume(List<DicomSlice> slices, List<string> notes, List<DicomVolume> volumes, List<string> refusals)
    {
        if (slices.Count < 2)
        {
            refusals.Add($"{slices[0].File} is alone at its echo, time or acquisition; at least 2 slices make a volume.");
            return;
        }
        var stack = SliceStack.Of(slices);
        if (stack.Grid is not { } grid || stack.Refusal is not null)
            refusals.Add(stack.Refusal!);
        else
            volumes.Add(new DicomVolume(volumes.Count + 1, stack.Slices, grid, [.. notes, .. stack.Notes]));
    }

    private static List<string> NotesOf(IReadOnlyList<DicomEntry> entries)
    {
        var slices = entries.SelectMany(entry => entry.Slices).ToList();
        var notes = new List<string>();
        if (entries.Any(entry => entry.Slices.Count > 0 && entry.IsLossy))
            notes.Add("Pixels were compressed with loss.");
        if (slices.Any(slice => slice.IsMonochrome1))
            notes.Add("PhotometricInterpretation is MONOCHROME1; the values were not inverted.");
        if (slices.Select(slice => (slice.Slope, slice.Intercept)).Distinct().Skip(1).Any())
            notes.Add("Rescale slope and intercept differ between slices; each was applied to its own.");
        if (entries[0].Modality == "CT" && slices.Any(slice => slice is { Slope: 1, Intercept: 0 }))
            notes.Add("Slices of CT have no rescale slope and intercept, so their values may not be Hounsfield units.");
        return notes;
    }
}
