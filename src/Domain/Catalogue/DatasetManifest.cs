using System.Text.Json.Serialization;
using VerSemi.Domain.Labels;

namespace VerSemi.Domain.Catalogue;

/// <summary>Which part of the work a labelled case serves. A patient is in one split for ever.</summary>
public enum Split { Training, Validation, Test }

/// <summary>
/// One version of a dataset: what training and evaluation read. Its version is the hash of its content; no time and no
/// path is in it, so the same data is the same version wherever and whenever it was dropped.
/// </summary>
public sealed record DatasetManifest
{
    /// <summary>A slug: lower case letters, digits and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>For people, as the drop says it.</summary>
    public string Title { get; init; } = "";

    /// <summary>E.g. "MRI" or "CT". Spacing and intensity rule of a model belong to the modality.</summary>
    public required string Modality { get; init; }

    public required IReadOnlyList<LabelDeclaration> Labels { get; init; }
    public required SplitRule Splits { get; init; }

    /// <summary>In ordinal order of their ids.</summary>
    public required IReadOnlyList<CaseEntry> Cases { get; init; }

    public string? Licence { get; init; }

    /// <summary>On what ground the data may be used, as the drop says it, e.g. "broad consent, form 2024-3".</summary>
    public string? Consent { get; init; }

    /// <summary>What the data may be used for, as the drop says it, e.g. "non-commercial research".</summary>
    public string? Purpose { get; init; }
    public string? Description { get; init; }
    public string? Reference { get; init; }

    [JsonIgnore]
    public DatasetTerms Terms => new(Name, Version, Licence, Consent, Purpose);

    [JsonIgnore]
    public string Version => ContentHash.Abbreviate(ContentHash.Of(this));

    [JsonIgnore]
    public IEnumerable<CaseEntry> Unlabelled => Cases.Where(c => c.Label is null);

    public IEnumerable<CaseEntry> In(Split split) => Cases.Where(c => c.Split == split);
}

/// <summary>Under which terms a dataset may be used; null where its drops do not say.</summary>
public sealed record DatasetTerms(string Dataset, string Version, string? Licence, string? Consent, string? Purpose);

/// <summary>Where a patient's hash falls below a threshold decides its split; recorded once, at the first commit that can seal a test set.</summary>
/// <param name="TestBelow">Patients whose hash (64 hexadecimal digits, ordinal order) is smaller are held-out test; empty: none, labelsTs is the test set; null: training only.</param>
/// <param name="ValidationBelow">Of the others, those whose hash is smaller are validation.</param>
/// <param name="Patients">Every patient that ever had a labelled case here, with its split, in ordinal order.</param>
public sealed record SplitRule(string? TestBelow, string? ValidationBelow, IReadOnlyDictionary<string, Split> Patients);

/// <summary>One image, with its label where it has one.</summary>
/// <param name="Id">Unique in its dataset: the file's name without folder, extension and channel suffix.</param>
/// <param name="Split">Null for an unlabelled case.</param>
/// <param name="Image">SHA-256 of the canonical image file, see <see cref="BlobLayout.Voxels"/>.</param>
/// <param name="Label">SHA-256 of the canonical label file; null for an unlabelled case.</param>
/// <param name="Size">Voxels along x, y, z of the file.</param>
/// <param name="Spacing">Millimetres along x, y, z of the file.</param>
/// <param name="Intensities">Of the image; null where they were not measured.</param>
public sealed record CaseEntry(
    string Id, string Patient, Split? Split, string Image, string? Label, IReadOnlyList<int> Size, IReadOnlyList<double> Spacing, ImageIntensities? Intensities = null)
{
    /// <summary>Hash of the image's voxels along R, A, S: the same for every file of one scan. Null where it was not measured.</summary>
    public string? Scan { get; init; }
}

/// <summary>Content of datasets/name/head.json: the newest committed version. Written by compare-and-swap, after everything it points to.</summary>
/// <param name="Generation">Counts the commits of this dataset, from 1.</param>
/// <param name="Fingerprint">The drop's, as it was committed: tells a repeated attempt that the commit was its own.</param>
/// <param name="TraceParent">W3C trace context of the commit: whoever goes on from here joins that trace.</param>
public sealed record DatasetHead(string Dataset, string Version, int Generation, string Drop, string? Fingerprint = null, string? TraceParent = null);

/// <summary>Content of datasets/name/commits/generation.json: all that the dataset's other control files can be written again from.</summary>
public sealed record DatasetCommit(DatasetHead Head, DatasetManifest Manifest);
