namespace VerSemi.Orchestrator.Segmentations;

/// <summary>Images that people want segmented. A part of <see cref="OrchestratorOptions"/>.</summary>
public sealed class SegmentationOptions
{
    /// <summary>How long image, result and row stay: before its end since it was asked, afterwards since its end; one minute to 90 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Largest image file in MiB, as it is sent; 1 to 65,536.</summary>
    public int MostMiB { get; set; } = 2048;

    /// <summary>Images that wait or are being worked at, at once; 1 to 100,000. More are refused with 429.</summary>
    public int MostOpen { get; set; } = 100;

    /// <summary>Workers that may die over one image, or fail for a reason that may pass; 1 to 100.</summary>
    public int MostAttempts { get; set; } = 4;

    internal IEnumerable<string> Errors()
    {
        if (Keep < TimeSpan.FromMinutes(1) || Keep > TimeSpan.FromDays(90))
            yield return $"Orchestrator:Segmentations:Keep is {Keep}: 00:01:00 to 90.00:00:00 is possible.";
        if (MostMiB is < 1 or > 65_536)
            yield return $"Orchestrator:Segmentations:MostMiB is {MostMiB}: 1 to 65536 is possible.";
        if (MostOpen is < 1 or > 100_000)
            yield return $"Orchestrator:Segmentations:MostOpen is {MostOpen}: 1 to 100000 is possible.";
        if (MostAttempts is < 1 or > 100)
            yield return $"Orchestrator:Segmentations:MostAttempts is {MostAttempts}: 1 to 100 is possible.";
    }
}
