using VerSemi.Imaging.Dicom.Labels;

namespace VerSemi.Imaging.Dicom.Series;

public enum DicomKind
{
    /// <summary>Slices with a place in the patient.</summary>
    Image,

    /// <summary>SEG (PS3.3 section A.51).</summary>
    Segmentation,

    /// <summary>RTSTRUCT (PS3.3 section A.19.3).</summary>
    StructureSet,

    /// <summary>Anything else: reports, plans, doses, DICOMDIR, images without a place.</summary>
    Other,
}

/// <summary>What one file is, by its header.</summary>
/// <param name="File">As the caller named it.</param>
/// <param name="Refusal">Why its slices are no part of a case, as a whole sentence without the file's name; null where they may be.</param>
public sealed record DicomEntry(string File, DicomKind Kind, string Modality, string? Refusal)
{
    public string Study { get; init; } = "";
    public string Series { get; init; } = "";
    public string FrameOfReference { get; init; } = "";

    /// <summary>PatientID, behind its issuer and '/' where one is named; empty where the file has none. For pseudonyms alone.</summary>
    public string Patient { get; init; } = "";
    public string Description { get; init; } = "";
    public string Kernel { get; init; } = "";
    public bool IsLossy { get; init; }

    /// <summary>Of a segmentation or structure set.</summary>
    public LabelReferences Label { get; init; } = LabelReferences.None;
    public IReadOnlyList<DicomSlice> Slices { get; init; } = [];
}
