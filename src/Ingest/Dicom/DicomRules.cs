using System.Text.RegularExpressions;
using VerSemi.Domain;
using VerSemi.Imaging.Dicom.Series;

namespace VerSemi.Ingest.Dicom;

/// <summary>What a DICOM drop's versemi.json says; every part is optional.</summary>
internal sealed record DicomRules
{
    /// <summary>Fewer slices are a localizer or a test image.</summary>
    public const int DefaultMinimumSlices = 5;

    public string? Name { get; init; }

    /// <summary>Modalities as DICOM writes them (CT, MR); empty: every one.</summary>
    public IReadOnlyList<string> Modalities { get; init; } = [];

    /// <summary>A series must match; null: any does.</summary>
    public Regex? Description { get; init; }
    public Regex? Kernel { get; init; }
    public int MinimumSlices { get; init; } = DefaultMinimumSlices;

    /// <summary>Images that were computed from others are taken.</summary>
    public bool Derived { get; init; }

    /// <summary>Structure by the name of a segment or ROI; empty: each name is a structure of its own.</summary>
    public IReadOnlyDictionary<string, string> Structures { get; init; } = new Dictionary<string, string>();
    public string? Licence { get; init; }
    public string? Consent { get; init; }
    public string? Purpose { get; init; }

    /// <summary>Why the rules leave a series out; null where they take it.</summary>
    public string? ReasonAgainst(DicomEntry series)
    {
        if (Modalities.Count > 0 && !Modalities.Contains(series.Modality, StringComparer.OrdinalIgnoreCase))
            return $"its modality is {ShownText.Of(series.Modality)}; versemi.json takes {string.Join(", ", Modalities)}";
        if (Description?.IsMatch(series.Description) == false)
            return $"its description does not match '{Description}' of versemi.json";
        return Kernel?.IsMatch(series.Kernel) == false ? $"its convolution kernel does not match '{Kernel}' of versemi.json" : null;
    }
}
