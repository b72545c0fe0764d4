namespace VerSemi.Ingest.Drops;

/// <summary>A drop's dataset.json, in either dialect, as it stands: nothing in it was compared with the files yet.</summary>
internal sealed record DatasetJson
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Reference { get; init; }
    public string? Licence { get; init; }

    /// <summary>nnU-Net's way with files: one file a channel, "case_0000.nii.gz", found by name.</summary>
    public bool ChannelPerFile { get; init; }

    /// <summary>By index; empty where nothing is said.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Name by voxel value, background left out.</summary>
    public IReadOnlyDictionary<int, string> Labels { get; init; } = new SortedDictionary<int, string>();

    /// <summary>Null where the files are not listed (nnU-Net): then the folders say which cases there are.</summary>
    public IReadOnlyList<ListedCase>? Cases { get; init; }
    public int? NumTraining { get; init; }
    public int? NumTest { get; init; }

    /// <summary>Remarks for the report.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public VersemiSection Versemi { get; init; } = new();

    public IEnumerable<string> ListedFiles =>
        (Cases ?? []).SelectMany(listed => listed.Label is null ? listed.Images : [.. listed.Images, listed.Label]);
}

/// <param name="Id">Where the list itself names the case.</param>
/// <param name="Images">One a channel, by path relative to dataset.json.</param>
/// <param name="Test">Listed under "test".</param>
internal sealed record ListedCase(string? Id, IReadOnlyList<string> Images, string? Label, bool Test);

/// <summary>What a drop says to VerSemi: {"tasks": {"1": "pancreas-ct/pancreas"}, "patients": {"case_001": "p17"}, "channel": 0, "replace": false, "holdOutTest": false, "consent": "…", "purpose": "…"}.</summary>
internal sealed record VersemiSection
{
    /// <summary>Task id by voxel value.</summary>
    public IReadOnlyDictionary<int, string> Tasks { get; init; } = new Dictionary<int, string>();

    /// <summary>Patient by case.</summary>
    public IReadOnlyDictionary<string, string> Patients { get; init; } = new Dictionary<string, string>();
    public int? Channel { get; init; }

    /// <summary>Images of this drop may replace other images of the same case, whichever drop brought those.</summary>
    public bool Replace { get; init; }

    /// <summary>Labelled cases outside labelsTs may be held out as test, too.</summary>
    public bool HoldOutTest { get; init; }
    public string? Consent { get; init; }
    public string? Purpose { get; init; }
}
