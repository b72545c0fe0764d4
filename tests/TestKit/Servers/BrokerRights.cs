using VerSemi.Domain.Messages;

namespace VerSemi.TestKit.Servers;

/// <summary>
/// The least that a service's broker user needs: regular expressions over names of queues and exchanges. To declare what
/// is there already needs <c>configure</c> as well, and a queue with dead letters needs <c>read</c> by whoever declares it.
/// </summary>
public sealed record BrokerRights(string Service, string Configure, string Write, string Read)
{
    /// <summary>Answers requests, so it must know the reply queues of all.</summary>
    public static BrokerRights Orchestrator { get; } = Of(
        "orchestrator", owned: [Queues.Leases, Queues.Catalogue, Queues.Training, Queues.TrainingOnDemand, Queues.Segmentation, Queues.Ingest, "orchestrator-(cycles|runs|steps)"], sentTo: [], replies: "reply-[a-z0-9-]+");

    public static BrokerRights Ingest { get; } = Of("ingest", owned: [Queues.Ingest], sentTo: [Queues.Catalogue]);

    public static BrokerRights Trainer { get; } = Of("trainer", owned: [Queues.Training, Queues.TrainingOnDemand], sentTo: [Queues.Leases]);

    public static BrokerRights Segmentation { get; } = Of("segmentation", owned: [Queues.Segmentation], sentTo: [Queues.Leases]);

    /// <summary>Asks how long queues are, and nothing else: KEDA.</summary>
    public static BrokerRights Scaler { get; } = new("scaler", "^$", "^$", "^$");

    public static IReadOnlyList<BrokerRights> All { get; } = [Orchestrator, Ingest, Trainer, Segmentation, Scaler];

    /// <param name="service">The user's name, and what its process has as Bus:Service.</param>
    /// <param name="owned">Queues it takes from or declares, each with its dead letters.</param>
    /// <param name="sentTo">Queues of others that it only sends to.</param>
    /// <param name="replies">Reply queues, where not only its own.</param>
    public static BrokerRights Of(string service, IEnumerable<string> owned, IReadOnlyList<string> sentTo, string? replies = null)
    {
        var own = $"({string.Join('|', owned)})(_error|_dead)?";
        var reply = replies ?? $"reply-{service}-[a-z0-9]+";
        var sends = string.Join('|', [own, .. sentTo, reply]);
        return new BrokerRights(service, $"^({sends})$", $"^({sends})$", $"^({own}|{reply})$");
    }
}
