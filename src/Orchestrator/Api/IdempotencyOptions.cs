namespace VerSemi.Orchestrator.Api;

/// <summary>Answers kept for repeated requests. A part of <see cref="OrchestratorOptions"/>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>How long an answer is kept; one minute to 30 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(24);

    /// <summary>A request of which nothing was heard for so long died with its process, and may be sent again; 5 s to 1 h.</summary>
    public TimeSpan TakeOverAfter { get; set; } = TimeSpan.FromMinutes(1);

    internal IEnumerable<string> Errors()
    {
        if (Keep < TimeSpan.FromMinutes(1) || Keep > TimeSpan.FromDays(30))
            yield return $"Orchestrator:Idempotency:Keep is {Keep}: 00:01:00 to 30.00:00:00 is possible.";
        if (TakeOverAfter < TimeSpan.FromSeconds(5) || TakeOverAfter > TimeSpan.FromHours(1))
            yield return $"Orchestrator:Idempotency:TakeOverAfter is {TakeOverAfter}: 00:00:05 to 01:00:00 is possible.";
    }
}
