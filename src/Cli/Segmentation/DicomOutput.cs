using VerSemi.Domain.Segmentations;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Writing;
using VerSemi.Imaging.Nifti;

namespace VerSemi.Cli.Segmentation;

/// <summary>The masks of a segmented series once more, as DICOM SEG with the patient and study of the series.</summary>
internal static class DicomOutput
{
    /// <param name="folder">Where the masks lie.</param>
    public static void Write(SegmentInput input, SegmentedImage done, string folder, bool emptyFrames, TimeProvider time)
    {
        var source = DicomFile.ReadHeader(input.Folder!.PathOf(input.Volume!.Slices[0].File));
        var segments = done.Rows.Select(row => new WrittenSegment(row.Name, SegmentCodes.Of(row.Name), NiftiFile.ReadLabel(Path.Combine(folder, row.Mask)).Voxels)).ToList();
        var bytes = SegmentationWriter.Write(source, input.Volume, segments, new SegmentationDescription(done.Model, LabelTable.ForResearch, time.GetUtcNow(), emptyFrames));
        var target = Path.Combine(folder, $"{ImageSegmentation.StemOf(input.Image)}_seg.dcm");
        File.WriteAllBytes(target + ".partial", bytes);
        File.Move(target + ".partial", target, overwrite: true);
    }
}
