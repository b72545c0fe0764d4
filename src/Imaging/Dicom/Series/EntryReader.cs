using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Pixels;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>Which kind of file this is, and its slices. What is no case for its kind (a localizer, a capture of a screen) has the reason.</summary>
public static class EntryReader
{
    private const string Segmentation = "1.2.840.10008.5.1.4.1.1.66.4", LabelMap = "1.2.840.10008.5.1.4.1.1.66.7", StructureSet = "1.2.840.10008.5.1.4.1.1.481.3";
    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

    /// <param name="allowDerived">Also images that were computed from others (ImageType DERIVED).</param>
    /// <exception cref="InvalidImageException">An element of an image is missing or damaged.</exception>
    public static DicomEntry Read(DicomFile file, bool allowDerived = false)
    {
        var data = file.Data;
        var sop = data.Text(Tags.SOPClassUID);
        var kind = sop is Segmentation or LabelMap ? DicomKind.Segmentation : sop == StructureSet ? DicomKind.StructureSet : data.Find(Tags.PixelData) is null ? DicomKind.Other : DicomKind.Image;
        var refusal = kind == DicomKind.Image ? RefusalOf(file, sop, allowDerived) : kind == DicomKind.Other ? "It holds no image, segmentation or structure set." : null;
        return new DicomEntry(file.Name, kind, data.Text(Tags.Modality), refusal)
        {
            Study = data.Text(Tags.StudyInstanceUID),
            Series = data.Text(Tags.SeriesInstanceUID),
            FrameOfReference = data.Text(Tags.FrameOfReferenceUID),
            Patient = data.Text(Tags.PatientID) is not { Length: > 0 } id ? "" : data.Text(Tags.IssuerOfPatientID) is { Length: > 0 } issuer ? $"{issuer}/{id}" : id,
            Description = data.Text(Tags.SeriesDescription),
            Kernel = string.Join('\\', data.Texts(Tags.ConvolutionKernel)),
            IsLossy = data.Text(Tags.LossyImageCompression) == "01" || file.Syntax == TransferSyntax.JpegBaseline,
            Label = kind == DicomKind.Segmentation ? LabelReferences.OfSegmentation(data) : kind == DicomKind.StructureSet ? LabelReferences.OfStructureSet(data) : LabelReferences.None,
            Slices = kind == DicomKind.Image && refusal is null ? SliceReader.Read(data) : [],
        };
    }

    private static string? RefusalOf(DicomFile file, string sop, bool allowDerived)
    {
        var (data, type) = (file.Data, file.Data.Texts(Tags.ImageType));
        if (data.Text(Tags.BurnedInAnnotation) == "YES")
            return "Its pixels hold burned-in annotation (BurnedInAnnotation YES), which may name a patient.";
        if (sop == SecondaryCapture || sop.StartsWith(SecondaryCapture + ".", StringComparison.Ordinal))
            return "It is a secondary capture, not an image of a scanner.";
        if (data.Whole(Tags.SamplesPerPixel) is not (null or 1))
            return "It is a colour image, not a slice of a volume.";
        if (type.Any(value => value is "LOCALIZER" or "SCOUT"))
            return "It is a localizer (ImageType).";
        if (type.Contains("MOSAIC"))
            return "It is a mosaic: many slices in one picture. Convert it with dcm2niix.";
        if (!allowDerived && type is ["DERIVED", ..])
            return "It was computed from other images (ImageType DERIVED). Drop the series that it was made from, or allow derived images in versemi.json.";
        if (data.Items(Tags.ModalityLUTSequence).Count > 0)
            return "It has a table from stored to real values (Modality LUT), which is not read. Export it with a rescale slope.";
        if (!IsCrossSection(data.Text(Tags.Modality)) && data.Text(Tags.PhotometricInterpretation) == "MONOCHROME1")
            return "Its grey values are inverted (MONOCHROME1), and it is neither CT nor MR.";
        if (!SliceReader.HasPlace(data))
            return "It says no position and orientation in the patient.";
        return FrameDecoders.Refusal(file.Syntax) is { } syntax ? $"{char.ToUpperInvariant(syntax[0])}{syntax[1..]}" : null;
    }

    private static bool IsCrossSection(string modality) => modality is "CT" or "MR";
}
