namespace VerSemi.Platform.Bus;

/// <summary>Does this process still hear what it should hear? What readiness asks.</summary>
public interface IBusHealth
{
    /// <summary>At most as old as <see cref="BusOptions.HealthAge"/>. Never throws for a broker that is away: it says so.</summary>
    Task<BusHealth> CheckAsync(CancellationToken cancellation = default);
}

/// <param name="Troubles">One sentence each; none where all is well.</param>
public sealed record BusHealth(IReadOnlyList<string> Troubles)
{
    public bool Healthy => Troubles.Count == 0;
}

/// <summary>How much waits in every queue that this process knows. Nothing to tell in memory.</summary>
public interface IQueueDepths
{
    /// <exception cref="IOException">The broker does not answer.</exception>
    Task<IReadOnlyList<QueueDepth>> ReadAsync(CancellationToken cancellation = default);
}

/// <param name="Ready">Messages that wait for a consumer.</param>
/// <param name="Consumers">Of all processes.</param>
/// <param name="DeadLetters">Messages that were given up on, with the reason in their headers.</param>
public sealed record QueueDepth(string Queue, long Ready, int Consumers, long DeadLetters);
