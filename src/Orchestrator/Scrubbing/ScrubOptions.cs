namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>How often all stored content is verified, and how fast. A part of <see cref="OrchestratorOptions"/>.</summary>
public sealed class ScrubOptions
{
    /// <summary>From the end of one verification to the start of the next; one hour to 365 days. Null: only on request. Default: 7 days.</summary>
    public TimeSpan? Every { get; set; } = TimeSpan.FromDays(7);

    /// <summary>MiB read per second, so that the work of the day is not slowed down; above 0 to 100,000. Default: 50.</summary>
    public double MostMiBPerSecond { get; set; } = 50;

    internal IEnumerable<string> Errors()
    {
        if (Every < TimeSpan.FromHours(1) || Every > TimeSpan.FromDays(365))
            yield return $"Orchestrator:Scrub:Every is {Every}: 01:00:00 to 365.00:00:00 is possible, or nothing for no schedule.";
        if (!IsRate(MostMiBPerSecond))
            yield return $"Orchestrator:Scrub:MostMiBPerSecond is {MostMiBPerSecond}: above 0 to 100000 is possible.";
    }

    public static bool IsRate(double mibPerSecond) => mibPerSecond is > 0 and <= 100_000;
}
