using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Bus.RabbitMq;

namespace VerSemi.Platform.Doctor;

/// <summary>A queue of another service that this one sends to.</summary>
public sealed record SentQueue(string Name);

/// <summary>The broker: connection, this user's rights, and each queue's shape, consumers and dead letters. With the bus in memory there is none.</summary>
internal sealed class BrokerCheck(IServiceProvider services, BusOptions options, IEnumerable<SentQueue> sent) : ICheck
{
    public string Name => "broker";

    public string Mend => $"Is the broker at {options.Host}:{options.PortOrDefault} up, and reached from here (network policy, TLS)? Are Bus:User, Bus:Password and Bus:VirtualHost right?";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!options.IsRabbitMq)
            yield break;
        var (broker, topology) = (services.GetRequiredService<RabbitMqConnection>(), services.GetRequiredService<RabbitMqTopology>());
        await (await broker.OpenChannelAsync(cancellation)).DisposeAsync();
        yield return new Finding(Name, $"{options.Host}:{options.PortOrDefault}, virtual host '{options.VirtualHost}', as '{options.User}'");
        foreach (var queue in topology.Queues)
            yield return await LookAtAsync(queue, broker, topology, cancellation);
        foreach (var queue in sent.Select(queue => queue.Name).Distinct().Except(topology.Queues))
            yield return await TryToSendAsync(queue, topology, cancellation);
    }

    private static async Task<Finding> LookAtAsync(string queue, RabbitMqConnection broker, RabbitMqTopology topology, CancellationToken cancellation)
    {
        var name = $"queue {queue}";
        if (await broker.CountAsync(queue, cancellation) is not { } count)
            return new Finding(name, "it is not there", "Start the service: it declares its queues. Where it runs, its log says what keeps it.");
        try
        {
            // To declare what is there changes nothing, and is refused to whoever has no right to it or wants it otherwise.
            await topology.DeclareAsync(queue, cancellation);
        }
        catch (InvalidOperationException e)
        {
            return new Finding(name, e.Message, "As it says, then restart the service.");
        }
        var dead = (await broker.CountAsync(QueueTopology.Errors(queue), cancellation))?.MessageCount ?? 0;
        var found = $"{count.MessageCount} messages wait, {count.ConsumerCount} consumers, {dead} dead letters";
        if (dead > 0)
            return new Finding(name, found, $"Read why they failed, then delete them from '{QueueTopology.Errors(queue)}': docs/runbooks/dead-letters.md.");
        return count is { MessageCount: > 0, ConsumerCount: 0 }
            ? new Finding(name, found, "Nobody listens. Does the service run whose queue it is? For training and segmentation: does the scaler start workers? docs/runbooks/work-waiting.md.")
            : new Finding(name, found);
    }

    private async Task<Finding> TryToSendAsync(string queue, RabbitMqTopology topology, CancellationToken cancellation) =>
        await topology.MaySendAsync(queue, cancellation) is { } refusal
            ? new Finding($"sending to {queue}", refusal, $"Grant user '{options.User}' configure and write on '^{queue}$'.")
            : new Finding($"sending to {queue}", "allowed");
}
