using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Ingest.Dicom;

namespace VerSemi.Ingest.Drops;

/// <summary>What a drop asks for, once its dataset.json and its file names agree; no voxel was read.</summary>
internal sealed record DropPlan
{
    /// <summary>The dataset's name, a slug.</summary>
    public required string Dataset { get; init; }

    /// <summary>Null where the drop does not say.</summary>
    public string? Title { get; init; }

    /// <summary>Null where the drop does not say.</summary>
    public string? Modality { get; init; }
    public ChannelChoice Channel { get; init; } = new(0, 1);
    public IReadOnlyList<LabelDeclaration> Labels { get; init; } = [];

    /// <summary>In ordinal order of their ids, each once.</summary>
    public IReadOnlyList<PlannedCase> Cases { get; init; } = [];

    /// <summary>Cases that their names alone rule out.</summary>
    public IReadOnlyList<CaseReport> Quarantined { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Of a DICOM drop: whose each file is, whether or not it is part of a case.</summary>
    public IReadOnlyList<DicomOwner> Owners { get; init; } = [];

    /// <summary>The drop says that its images may replace those of other drops.</summary>
    public bool Replace { get; init; }

    /// <summary>Beside labelsTs, labelled cases may be held out as test as without it.</summary>
    public bool HoldOutTest { get; init; }
    public string? Licence { get; init; }
    public string? Consent { get; init; }
    public string? Purpose { get; init; }
    public string? Description { get; init; }
    public string? Reference { get; init; }

    /// <summary>The same plan, its cases and patients called by their pseudonyms.</summary>
    public DropPlan Under(Pseudonyms? names) => names is null ? this : this with
    {
        Cases = [.. Cases.Select(planned => planned with { Id = names.Of(planned.Id), Patient = names.Of(planned.Patient) }).OrderBy(planned => planned.Id, StringComparer.Ordinal)],
        Quarantined = [.. Quarantined.Select(report => report with { Id = names.Of(report.Id) })],
        Owners = [.. Owners.Select(owner => owner with { Series = names.Of(owner.Series), Patient = names.Of(owner.Patient) })],
        Notes = [.. Notes, "Cases and patients stand under pseudonyms: 'versemi pseudonym NAME' gives a name's."],
    };
}

/// <summary>The one input channel.</summary>
/// <param name="Declared">How many the dataset declares; 0 where it names one without saying how many there are.</param>
internal sealed record ChannelChoice(int Index, int Declared)
{
    public bool Several => Declared != 1;
}

/// <param name="Image">Path relative to dataset.json.</param>
/// <param name="Label">Null: unlabelled.</param>
/// <param name="Sealed">The label lies in labelsTs.</param>
/// <param name="Channel">The channel to take of a 4-D file; null: the file must have three dimensions.</param>
internal sealed record PlannedCase(string Id, string Patient, string Image, string? Label, bool Sealed, ChannelChoice? Channel)
{
    /// <summary>Where the image is a DICOM series; <see cref="Image"/> is then its first slice's file.</summary>
    public DicomCase? Dicom { get; init; }

    /// <summary>Files of image and label.</summary>
    public IEnumerable<string> Files => (Dicom?.Files ?? [Image]).Concat(Dicom is { } dicom ? dicom.Labels.Select(label => label.File) : Label is null ? [] : [Label]);
}
