using VerSemi.Imaging.Dicom.Series;

namespace VerSemi.Ingest.Dicom;

/// <param name="Series">The id of the series' first case.</param>
internal sealed record DicomOwner(string File, string Series, string Patient);

/// <summary>A case whose image is a volume of a DICOM series.</summary>
/// <param name="IsCt">Padding of its pixels is air.</param>
internal sealed record DicomCase(DicomVolume Volume, bool IsCt)
{
    /// <summary>Files of the image, as the drop names them.</summary>
    public IReadOnlyList<string> Files { get; } = [.. Volume.Slices.Select(slice => slice.File).Distinct()];

    /// <summary>Segmentations and structure sets; empty: unlabelled.</summary>
    public IReadOnlyList<DicomEntry> Labels { get; init; } = [];

    /// <summary>The label's value by the name of a segment or ROI.</summary>
    public IReadOnlyDictionary<string, ushort> Values { get; init; } = new Dictionary<string, ushort>();
}
