using Microsoft.Extensions.Options;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Files;

namespace VerSemi.Ingest;

/// <summary>How drops are taken in. Whoever hosts binds its section "Ingest".</summary>
public sealed class IngestOptions
{
    /// <summary>Between two looks at incoming/.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Within this time it is noticed that a drop which has its report was changed, even where no hint tells of it.</summary>
    public TimeSpan RelookWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The default of <see cref="RelookWithin"/> where the blob store is a folder: to list a folder costs no request.</summary>
    public static readonly TimeSpan RelookFolderWithin = TimeSpan.FromSeconds(10);

    /// <summary>A drop in which nothing changed for so long is taken as it is.</summary>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A drop that was reported on and then corrected is taken again when nothing changed for so long, whether or not its files are listed.</summary>
    public TimeSpan CorrectionPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Even where every listed file is there, nothing may have changed for so long: on a file system the last file
    /// has its name before it has its last byte.
    /// </summary>
    public TimeSpan SettlePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A drop that was not finished is rung for again after this, then after twice as long, and so on.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(10);
    public TimeSpan RetryAtMost { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A drop that failed so often in a row in the same way, by what it holds, is refused. What the store or a full disk
    /// does never counts.
    /// </summary>
    public int DropTries { get; set; } = 4;

    /// <summary>Cases of a drop at a time. Memory: about 10 bytes a voxel of each.</summary>
    public int ParallelCases { get; set; } = 2;

    /// <summary>A volume with more is quarantined before anything of its size is allocated. Default 2^30: 1024 in each direction.</summary>
    public long MaxVoxels { get; set; } = 1L << 30;
    public int MaxFiles { get; set; } = 200_000;
    public long MaxDatasetJsonBytes { get; set; } = 16 << 20;

    /// <summary>How far, in voxels, a corner of the label's grid may lie from the image's.</summary>
    public double GeometryTolerance { get; set; } = 0.1;

    /// <summary>
    /// A secret of at least 32 characters: names of cases and patients are kept as pseudonyms made with it. Empty: as they are.
    /// Another key makes other names of the same cases: keep it as long as the data.
    /// </summary>
    public string PseudonymKey { get; set; } = "";

    /// <summary>Canonical files are made here before they go to the blob store; what a dead process left is cleared at start.</summary>
    public string WorkFolder { get; set; } = Path.Combine(Path.GetTempPath(), "versemi-ingest");
}

/// <summary>All faults of the options at once.</summary>
internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(IngestOptions o)
    {
        foreach (var (setting, span) in new[] { ("SweepInterval", o.SweepInterval), ("RelookWithin", o.RelookWithin), ("RetryAfter", o.RetryAfter) })
            if (span <= TimeSpan.Zero)
                yield return $"Ingest:{setting} is {span}: it must be above zero.";
        foreach (var (setting, span) in new[] { ("QuietPeriod", o.QuietPeriod), ("SettlePeriod", o.SettlePeriod), ("CorrectionPeriod", o.CorrectionPeriod) })
            if (span < TimeSpan.Zero)
                yield return $"Ingest:{setting} is {span}: it must not be negative.";
        if (o.RetryAtMost < o.RetryAfter)
            yield return $"Ingest:RetryAtMost is {o.RetryAtMost}, less than RetryAfter, {o.RetryAfter}.";
        if (o.DropTries is < 1 or > 1000)
            yield return $"Ingest:DropTries is {o.DropTries}: 1 to 1000 is possible.";
        if (o.ParallelCases is < 1 or > 64)
            yield return $"Ingest:ParallelCases is {o.ParallelCases}: 1 to 64 is possible.";
        if (o.MaxVoxels is < 1 or > 0x7FFFFFC7)
            yield return $"Ingest:MaxVoxels is {o.MaxVoxels}: 1 to {0x7FFFFFC7} is possible.";
        if (o.MaxFiles < 1)
            yield return $"Ingest:MaxFiles is {o.MaxFiles}: it must be at least 1.";
        if (o.MaxDatasetJsonBytes is < 1 or > 1 << 30)
            yield return $"Ingest:MaxDatasetJsonBytes is {o.MaxDatasetJsonBytes}: 1 to {1 << 30} is possible.";
        if (!(o.GeometryTolerance is >= 0 and <= 1))
            yield return $"Ingest:GeometryTolerance is {o.GeometryTolerance}: 0 to 1 voxel is possible.";
        // The value is a secret: only its length is told.
        if (o.PseudonymKey.Length is > 0 and < Pseudonyms.ShortestKey)
            yield return $"Ingest:PseudonymKey has {o.PseudonymKey.Length} characters: at least {Pseudonyms.ShortestKey} are needed (e.g. openssl rand -base64 32), or none to keep names as they are.";
        if (string.IsNullOrWhiteSpace(o.WorkFolder))
            yield return "Ingest:WorkFolder is empty: name a folder for temporary files.";
        else
            foreach (var fault in PrivateFiles.ScratchFaults(o.WorkFolder))
                yield return $"Ingest:WorkFolder: {fault}";
    }
}
