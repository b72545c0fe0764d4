namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>
/// What belongs to a queue: an exchange of its name that is sent to, <c>x_error</c> (exchange and queue) for dead
/// letters, and <c>x_dead</c>, the way there for what the broker gives up on. Everyone declares it alike, or is refused.
/// </summary>
internal static class QueueTopology
{
    public static string Errors(string queue) => $"{queue}_error";

    public static string Dead(string queue) => $"{queue}_dead";

    public static IReadOnlyDictionary<string, object> Arguments(string queue, int deliveryLimit) => new Dictionary<string, object>
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = deliveryLimit,
        ["x-dead-letter-exchange"] = Dead(queue),
    };

    public static IReadOnlyDictionary<string, object> ErrorArguments { get; } = new Dictionary<string, object> { ["x-queue-type"] = "quorum" };

    /// <summary>The broker hands on what expired, too; a doorbell that nobody heard in time is no dead letter.</summary>
    public static IReadOnlyDictionary<string, object> DeadBinding { get; } = new Dictionary<string, object>
    {
        ["x-match"] = "all-with-x",
        ["x-first-death-reason"] = "delivery_limit",
    };
}
