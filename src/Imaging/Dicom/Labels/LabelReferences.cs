using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>Which images a segmentation or structure set belongs to, and what it marks; by its header.</summary>
/// <param name="Series">UIDs of referenced series.</param>
/// <param name="Instances">UIDs of referenced images.</param>
/// <param name="Structures">Names of segments, or of ROIs that have a contour; each once.</param>
public sealed record LabelReferences(string FrameOfReference, IReadOnlySet<string> Series, IReadOnlySet<string> Instances, IReadOnlyList<string> Structures)
{
    public static readonly LabelReferences None = new("", new HashSet<string>(), new HashSet<string>(), []);

    /// <summary>PS3.3 sections C.12.2 and C.8.20.2.</summary>
    internal static LabelReferences OfSegmentation(DicomDataset data)
    {
        var series = data.Items(Tags.ReferencedSeriesSequence);
        return new LabelReferences(data.Text(Tags.FrameOfReferenceUID), Texts(series, Tags.SeriesInstanceUID),
            Texts(series.SelectMany(item => item.Items(Tags.ReferencedInstanceSequence)), Tags.ReferencedSOPInstanceUID), [.. data.Items(Tags.SegmentSequence).Select(SegmentName).Distinct()]);
    }

    /// <summary>PS3.3 sections C.8.8.5 and C.8.8.6.</summary>
    internal static LabelReferences OfStructureSet(DicomDataset data)
    {
        var frames = data.Items(Tags.ReferencedFrameOfReferenceSequence);
        var series = frames.SelectMany(frame => frame.Items(Tags.RTReferencedStudySequence)).SelectMany(study => study.Items(Tags.RTReferencedSeriesSequence)).ToList();
        var frame = frames.Select(item => item.Text(Tags.FrameOfReferenceUID)).Concat(data.Items(Tags.StructureSetROISequence).Select(roi => roi.Text(Tags.ReferencedFrameOfReferenceUID))).FirstOrDefault(uid => uid.Length > 0);
        return new LabelReferences(frame ?? "", Texts(series, Tags.SeriesInstanceUID), Texts(series.SelectMany(item => item.Items(Tags.ContourImageSequence)), Tags.ReferencedSOPInstanceUID), [.. StructureSetReader.Rois(data).Select(roi => roi.Name).Distinct()]);
    }

    internal static string SegmentName(DicomDataset segment) => segment.Text(Tags.SegmentLabel);

    private static HashSet<string> Texts(IEnumerable<DicomDataset> items, DicomTag tag) => [.. items.Select(item => item.Text(tag)).Where(text => text.Length > 0)];
}
