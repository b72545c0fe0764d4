using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>
/// The slices of an image's header: one of a classic file, one a frame of an enhanced one, whose per-frame groups override the shared
/// ones (PS3.3 sections C.7.6.2 and C.7.6.16).
/// </summary>
internal static class SliceReader
{
    private const double LargestCosineFault = 1e-2;

    public static bool HasPlace(DicomDataset data) => data.Items(Tags.PerFrameFunctionalGroupsSequence).Count > 0
        ? Groups(data, 0, data.Items(Tags.PerFrameFunctionalGroupsSequence)).Find(Tags.PlanePositionSequence, Tags.ImagePositionPatient) is not null
        : data.Has(Tags.ImagePositionPatient) && data.Has(Tags.ImageOrientationPatient) && data.Has(Tags.PixelSpacing) && (data.Whole(Tags.NumberOfFrames) ?? 1) == 1;

    /// <exception cref="InvalidImageException">An element that a slice needs is missing or damaged.</exception>
    public static IReadOnlyList<DicomSlice> Read(DicomDataset data)
    {
        var frames = data.Items(Tags.PerFrameFunctionalGroupsSequence);
        if (frames.Count == 0)
            return [Slice(data, 0, new FrameGroups(data, null, null))];
        if (frames.Count != (data.Whole(Tags.NumberOfFrames) ?? 1))
            throw data.Fault(Tags.PerFrameFunctionalGroupsSequence, $"has {frames.Count} items, not one for each frame");
        return [.. frames.Select((_, i) => Slice(data, i, Groups(data, i, frames)))];
    }

    private static FrameGroups Groups(DicomDataset data, int frame, IReadOnlyList<DicomDataset> frames) =>
        new(data, frames[frame], data.Item(Tags.SharedFunctionalGroupsSequence));

    private static DicomSlice Slice(DicomDataset data, int frame, FrameGroups groups)
    {
        var position = groups.Numbers(Tags.PlanePositionSequence, Tags.ImagePositionPatient, 3);
        var cosines = groups.Numbers(Tags.PlaneOrientationSequence, Tags.ImageOrientationPatient, 6);
        var spacing = groups.Numbers(Tags.PixelMeasuresSequence, Tags.PixelSpacing, 2);
        var (along, down) = (new Vector3D(cosines[0], cosines[1], cosines[2]), new Vector3D(cosines[3], cosines[4], cosines[5]));
        if (Math.Abs(along.Length - 1) > LargestCosineFault || Math.Abs(down.Length - 1) > LargestCosineFault || Math.Abs(along.Dot(down)) > LargestCosineFault)
            throw data.Fault(Tags.ImageOrientationPatient, "holds directions that are not two unit vectors at a right angle");
        if (!(spacing[0] > 0 && spacing[1] > 0))
            throw data.Fault(Tags.PixelSpacing, "holds a spacing that is not above 0");
        return new DicomSlice(data.File, frame)
        {
            SopClass = data.Text(Tags.SOPClassUID),
            SopInstance = data.Text(Tags.SOPInstanceUID),
            Position = new Vector3D(position[0], position[1], position[2]),
            AlongRow = along * (1 / along.Length),
            AlongColumn = down * (1 / down.Length),
            RowSpacing = spacing[0],
            ColumnSpacing = spacing[1],
            Rows = data.RequiredWhole(Tags.Rows),
            Columns = data.RequiredWhole(Tags.Columns),
            Slope = groups.Find(Tags.PixelValueTransformationSequence, Tags.RescaleSlope)?.Number(Tags.RescaleSlope) ?? 1,
            Intercept = groups.Find(Tags.PixelValueTransformationSequence, Tags.RescaleIntercept)?.Number(Tags.RescaleIntercept) ?? 0,
            Padding = PaddingOf(data),
            Thickness = groups.Find(Tags.PixelMeasuresSequence, Tags.SliceThickness)?.Number(Tags.SliceThickness),
            IsMonochrome1 = data.Text(Tags.PhotometricInterpretation) == "MONOCHROME1",
            Marks = [.. Marks(data, groups)],
        };
    }

    private static IEnumerable<(string Name, string Value)> Marks(DicomDataset data, FrameGroups groups)
    {
        yield return ("image type", string.Join('\\', data.Texts(Tags.ImageType).Skip(2)));
        yield return ("echo", data.Text(Tags.EchoNumbers));
        yield return ("echo time", Number(data.Number(Tags.EchoTime) ?? groups.Find(Tags.MREchoSequence, Tags.EffectiveEchoTime)?.Number(Tags.EffectiveEchoTime)));
        yield return ("b-value", Number(groups.Find(Tags.MRDiffusionSequence, Tags.DiffusionBValue)?.Number(Tags.DiffusionBValue)));
        yield return ("time", Number(data.Number(Tags.TemporalPositionIdentifier) ?? groups.Find(Tags.FrameContentSequence, Tags.TemporalPositionIndex)?.Number(Tags.TemporalPositionIndex)));
        yield return ("trigger time", Number(data.Number(Tags.TriggerTime)));
        yield return ("stack", groups.Find(Tags.FrameContentSequence, Tags.StackID)?.Text(Tags.StackID) ?? "");
        yield return ("acquisition", data.Text(Tags.AcquisitionNumber));
    }

    private static string Number(double? value) => value?.ToString("R", System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static (long From, long To)? PaddingOf(DicomDataset data)
    {
        if (Stored(data, Tags.PixelPaddingValue) is not { } value)
            return null;
        var limit = Stored(data, Tags.PixelPaddingRangeLimit) ?? value;
        return (Math.Min(value, limit), Math.Max(value, limit));
    }

    /// <summary>US or SS, as PixelRepresentation says, whatever VR the file gives it.</summary>
    private static long? Stored(DicomDataset data, DicomTag tag)
    {
        if (data.Whole(tag) is not { } value)
            return null;
        return data.Whole(Tags.PixelRepresentation) == 1 ? (short)value : (ushort)value;
    }
}
