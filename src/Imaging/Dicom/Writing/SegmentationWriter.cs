using System.Globalization;
using VerSemi.Domain;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Series;

namespace VerSemi.Imaging.Dicom.Writing;

/// <summary>A segment to write.</summary>
/// <param name="Mask">In the order of the volume's voxels; not 0 is inside.</param>
public sealed record WrittenSegment(string Name, SegmentCode Code, ushort[] Mask);

/// <param name="Model">Name and version of the model, e.g. "main/3".</param>
/// <param name="EmptyFrames">Also frames in which a segment marks nothing: some readers shift overlays without them.</param>
public sealed record SegmentationDescription(string Model, string Notice, DateTimeOffset Made, bool EmptyFrames = false);

/// <summary>
/// DICOM SEG, BINARY, on the slices of the series that was segmented (PS3.3 section A.51): a frame for each segment and slice. Segments may
/// overlap. Patient and study are those of the source.
/// </summary>
public static class SegmentationWriter
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.66.4";

    /// <param name="source">Any file of the series, for its patient and study.</param>
    /// <param name="volume">What was segmented.</param>
    /// <returns>The file's bytes; the same input gives the same bytes.</returns>
    public static byte[] Write(DicomFile source, DicomVolume volume, IReadOnlyList<WrittenSegment> segments, SegmentationDescription description)
    {
        var frames = Frames(volume, segments, description.EmptyFrames);
        var pixels = Pack(volume, segments, frames);
        var from = source.Data;
        var content = ContentHash.Of(pixels);
        var series = DicomUid.Of("series", from.Text(Tags.SeriesInstanceUID), description.Model);
        var instance = DicomUid.Of(["instance", series, content, .. segments.Select(segment => segment.Name), .. volume.Slices.Select(slice => slice.SopInstance)]);
        var organisation = DicomUid.Of("dimensions", instance);
        var file = new DatasetWriter();
        WritePatientAndStudy(file, from);
        WriteSeries(file, from, volume, description, series, instance);
        WriteImage(file, volume, segments, frames.Count);
        WriteDimensions(file, organisation);
        file.Items(Tags.SegmentSequence, segments.Select((segment, i) => Segment(segment, i + 1, description, instance)));
        file.Items(Tags.SharedFunctionalGroupsSequence, Shared(volume));
        file.Items(Tags.PerFrameFunctionalGroupsSequence, frames.Select(frame => Frame(volume, frame)));
        file.Raw(Tags.PixelData, "OB", pixels);
        return file.File(SopClass, instance);
    }

    /// <summary>Segment and slice of each frame, both counted from 0.</summary>
    private static List<(int Segment, int Slice)> Frames(DicomVolume volume, IReadOnlyList<WrittenSegment> segments, bool all)
    {
        var (size, frames) = (volume.Grid.Size, new List<(int, int)>());
        for (var s = 0; s < segments.Count; s++)
            for (var k = 0; k < size.Z; k++)
                if (all || segments[s].Mask.AsSpan(k * size.X * size.Y, size.X * size.Y).ContainsAnyExcept((ushort)0))
                    frames.Add((s, k));
        return frames.Count > 0 ? frames : throw new DomainException("Every mask is empty, and a DICOM SEG has at least one frame: nothing was written. The NIfTI masks are there.");
    }

    /// <summary>One bit a pixel, the first in the lowest; frames follow without a gap (PS3.5 section 8.1.1).</summary>
    private static byte[] Pack(DicomVolume volume, IReadOnlyList<WrittenSegment> segments, List<(int Segment, int Slice)> frames)
    {
        var count = volume.Grid.Size.X * volume.Grid.Size.Y;
        var (bytes, bit) = (new byte[((long)frames.Count * count + 7) / 8], 0L);
        foreach (var (segment, slice) in frames)
            foreach (var inside in segments[segment].Mask.AsSpan(slice * count, count))
            {
                if (inside != 0)
                    bytes[bit >> 3] |= (byte)(1 << (int)(bit & 7));
                bit++;
            }
        return bytes;
    }

    private static void WritePatientAndStudy(DatasetWriter file, DicomDataset from)
    {
        file.Text(Tags.SpecificCharacterSet, "ISO_IR 192");
        foreach (var tag in new[] { Tags.PatientName, Tags.PatientID, Tags.PatientBirthDate, Tags.PatientSex, Tags.StudyInstanceUID, Tags.StudyDate, Tags.StudyTime, Tags.ReferringPhysicianName, Tags.StudyID, Tags.AccessionNumber })
            file.Copy(from, tag, required: true);
        foreach (var tag in new[] { Tags.IssuerOfPatientID, Tags.PatientAge, Tags.StudyDescription })
            file.Copy(from, tag, required: false);
        file.Copy(from, Tags.FrameOfReferenceUID, required: true).Copy(from, Tags.PositionReferenceIndicator, required: true);
    }

    private static void WriteSeries(DatasetWriter file, DicomDataset from, DicomVolume volume, SegmentationDescription description, string series, string instance)
    {
        var (date, time) = (description.Made.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), description.Made.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture));
        file.Text(Tags.SOPClassUID, SopClass).Text(Tags.SOPInstanceUID, instance).Text(Tags.SeriesInstanceUID, series).Text(Tags.Modality, "SEG").Text(Tags.SeriesNumber, "9001").Text(Tags.InstanceNumber, "1")
            .Text(Tags.SeriesDate, date).Text(Tags.SeriesTime, time).Text(Tags.ContentDate, date).Text(Tags.ContentTime, time).Text(Tags.SeriesDescription, Short($"Segmentation by VerSemi {description.Model}"))
            .Text(Tags.Manufacturer, "VerSemi").Text(Tags.ManufacturerModelName, "VerSemi").Text(Tags.DeviceSerialNumber, Short(description.Model)).Text(Tags.SoftwareVersions, Short(description.Model))
            .Text(Tags.ContentLabel, "SEGMENTATION").Text(Tags.ContentDescription, Short(description.Notice)).Text(Tags.ContentCreatorName, "VerSemi");
        file.Items(Tags.ReferencedSeriesSequence, new DatasetWriter().Copy(from, Tags.SeriesInstanceUID, required: true)
            .Items(Tags.ReferencedInstanceSequence, volume.Slices.DistinctBy(slice => slice.SopInstance).Select(Reference)));
    }

    private static DatasetWriter Reference(DicomSlice slice) => new DatasetWriter().Text(Tags.ReferencedSOPClassUID, slice.SopClass).Text(Tags.ReferencedSOPInstanceUID, slice.SopInstance);

    private static void WriteImage(DatasetWriter file, DicomVolume volume, IReadOnlyList<WrittenSegment> segments, int frames) =>
        file.Text(Tags.ImageType, "DERIVED", "PRIMARY").Words(Tags.SamplesPerPixel, 1).Text(Tags.PhotometricInterpretation, "MONOCHROME2").Text(Tags.NumberOfFrames, Number(frames))
            .Words(Tags.Rows, volume.Grid.Size.Y).Words(Tags.Columns, volume.Grid.Size.X).Words(Tags.BitsAllocated, 1).Words(Tags.BitsStored, 1).Words(Tags.HighBit, 0).Words(Tags.PixelRepresentation, 0)
            .Text(Tags.LossyImageCompression, "00").Text(Tags.SegmentationType, "BINARY").Text(Tags.SegmentsOverlap, Overlap(segments) ? "YES" : "NO");

    private static bool Overlap(IReadOnlyList<WrittenSegment> segments)
    {
        for (var i = 0; segments.Count > 1 && i < segments[0].Mask.Length; i++)
            if (segments.Count(segment => segment.Mask[i] != 0) > 1)
                return true;
        return false;
    }

    private static void WriteDimensions(DatasetWriter file, string organisation)
    {
        DatasetWriter Index(DicomTag pointer, DicomTag group, string label) => new DatasetWriter().Text(Tags.DimensionOrganizationUID, organisation)
            .Pointer(Tags.DimensionIndexPointer, pointer).Pointer(Tags.FunctionalGroupPointer, group).Text(Tags.DimensionDescriptionLabel, label);
        file.Items(Tags.DimensionOrganizationSequence, new DatasetWriter().Text(Tags.DimensionOrganizationUID, organisation));
        file.Items(Tags.DimensionIndexSequence, Index(Tags.ReferencedSegmentNumber, Tags.SegmentIdentificationSequence, "Segment"), Index(Tags.ImagePositionPatient, Tags.PlanePositionSequence, "Position"));
    }

    private static DatasetWriter Segment(WrittenSegment segment, int number, SegmentationDescription description, string instance)
    {
        var type = Code(segment.Code.Type);
        if (segment.Code.Modifier is { } side)
            type.Items(Tags.SegmentedPropertyTypeModifierCodeSequence, Code(side));
        return new DatasetWriter().Words(Tags.SegmentNumber, number).Text(Tags.SegmentLabel, Short(segment.Name)).Text(Tags.SegmentAlgorithmType, "AUTOMATIC")
            .Text(Tags.SegmentAlgorithmName, Short($"VerSemi {description.Model}")).Items(Tags.SegmentedPropertyCategoryCodeSequence, Code(segment.Code.Category))
            .Items(Tags.SegmentedPropertyTypeCodeSequence, type).Text(Tags.TrackingID, Short(segment.Name)).Text(Tags.TrackingUID, DicomUid.Of("tracking", instance, Number(number)));
    }

    private static DatasetWriter Code(DicomCode code, string scheme = "SCT") =>
        new DatasetWriter().Text(Tags.CodeValue, code.Value).Text(Tags.CodingSchemeDesignator, scheme).Text(Tags.CodeMeaning, code.Meaning);

    private static DatasetWriter Shared(DicomVolume volume)
    {
        var (slice, spacing) = (volume.Slices[0], Math.Abs((volume.Slices[1].Position - volume.Slices[0].Position).Dot(volume.Slices[0].Normal)));
        return new DatasetWriter()
            .Items(Tags.PlaneOrientationSequence, new DatasetWriter().Decimals(Tags.ImageOrientationPatient, slice.AlongRow.X, slice.AlongRow.Y, slice.AlongRow.Z, slice.AlongColumn.X, slice.AlongColumn.Y, slice.AlongColumn.Z))
            .Items(Tags.PixelMeasuresSequence, new DatasetWriter().Decimals(Tags.PixelSpacing, slice.RowSpacing, slice.ColumnSpacing).Decimals(Tags.SliceThickness, slice.Thickness ?? spacing).Decimals(Tags.SpacingBetweenSlices, spacing));
    }

    private static DatasetWriter Frame(DicomVolume volume, (int Segment, int Slice) frame)
    {
        var slice = volume.Slices[frame.Slice];
        var source = Reference(slice).Items(Tags.PurposeOfReferenceCodeSequence, Code(new DicomCode("121322", "Source image for image processing operation"), "DCM"));
        if (volume.Slices.Count(other => other.SopInstance == slice.SopInstance) > 1)
            source.Text(Tags.ReferencedFrameNumber, Number(slice.Frame + 1));
        return new DatasetWriter()
            .Items(Tags.FrameContentSequence, new DatasetWriter().Words(Tags.DimensionIndexValues, frame.Segment + 1, frame.Slice + 1))
            .Items(Tags.PlanePositionSequence, new DatasetWriter().Decimals(Tags.ImagePositionPatient, slice.Position.X, slice.Position.Y, slice.Position.Z))
            .Items(Tags.SegmentIdentificationSequence, new DatasetWriter().Words(Tags.ReferencedSegmentNumber, frame.Segment + 1))
            .Items(Tags.DerivationImageSequence, new DatasetWriter().Items(Tags.DerivationCodeSequence, Code(new DicomCode("113076", "Segmentation"), "DCM")).Items(Tags.SourceImageSequence, source));
    }

    /// <summary>LO and its kin have at most 64 characters, without '\'.</summary>
    private static string Short(string text) => text.Replace('\\', '/') is { Length: > 64 } longer ? longer[..64] : text.Replace('\\', '/');

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
