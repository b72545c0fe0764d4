using System.Globalization;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Pixels;
using VerSemi.Imaging.Dicom.Series;

namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>
/// DICOM SEG (PS3.3 section C.8.20): BINARY, FRACTIONAL by a threshold of one half, and LABELMAP. A frame goes where its plane position says;
/// its pixels must lie on the volume's voxels, whatever the order of their axes.
/// </summary>
public static class SegmentationReader
{
    /// <summary>In voxels, between a frame's corners and the volume's voxels.</summary>
    private const double LargestShift = 0.1;

    private const double Threshold = 0.5;

    /// <param name="values">The value to write by segment name; segments of other names are passed over.</param>
    /// <exception cref="InvalidImageException">The segmentation does not lie on the volume's voxels, or is damaged.</exception>
    public static void Read(DicomFile file, IReadOnlyDictionary<string, ushort> values, LabelMap into)
    {
        var (data, pixels) = (file.Data, DicomPixels.Of(file));
        var type = data.Text(Tags.SegmentationType);
        var segments = ValuesByNumber(data, values);
        var frames = SliceReader.Read(data);
        var groups = data.Items(Tags.PerFrameFunctionalGroupsSequence);
        var least = type == "FRACTIONAL" ? Threshold * (data.Whole(Tags.MaximumFractionalValue) ?? 255) : 1;
        if (type == "FRACTIONAL")
            into.Note(string.Create(CultureInfo.InvariantCulture, $"The segmentation is fractional; voxels of {Threshold:0%} and more were taken."));
        for (var i = 0; i < frames.Count; i++)
        {
            var number = type == "LABELMAP" ? -1 : Number(data, i < groups.Count ? groups[i] : null);
            if (number >= 0 && !segments.ContainsKey(number))
                continue;
            var place = FramePlace.Find(frames[i], into.Volume.Grid, LargestShift) ?? throw new InvalidImageException(file.Name,
                $"frame {i + 1} does not lie on the voxels of the series that it belongs to ({into.Volume.Grid.Size}, from {into.Volume.Slices[0].File} on). Export it on the slices of its source.");
            Mark(pixels.Frame(i), frames[i].Columns, place, least, stored => number >= 0 ? segments[number] : segments.GetValueOrDefault((int)stored), into);
        }
    }

    private static void Mark(long[] stored, int columns, FramePlace place, double least, Func<long, ushort> valueOf, LabelMap into)
    {
        for (var p = 0; p < stored.Length; p++)
            if (stored[p] >= least && valueOf(stored[p]) is > 0 and var value)
                into.Mark(place.Voxel(p % columns, p / columns), value);
    }

    private static Dictionary<int, ushort> ValuesByNumber(DicomDataset data, IReadOnlyDictionary<string, ushort> values)
    {
        var byNumber = new Dictionary<int, ushort>();
        foreach (var segment in data.Items(Tags.SegmentSequence))
            if (values.TryGetValue(LabelReferences.SegmentName(segment), out var value))
                byNumber[segment.RequiredWhole(Tags.SegmentNumber)] = value;
        return byNumber;
    }

    private static int Number(DicomDataset data, DicomDataset? own) =>
        new FrameGroups(data, own, data.Item(Tags.SharedFunctionalGroupsSequence)).Find(Tags.SegmentIdentificationSequence, Tags.ReferencedSegmentNumber)?.RequiredWhole(Tags.ReferencedSegmentNumber)
            ?? throw data.Fault(Tags.SegmentIdentificationSequence, "is missing: a frame does not say which segment it is");
}
