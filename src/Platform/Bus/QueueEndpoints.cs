using MassTransit;
using VerSemi.Platform.Bus.RabbitMq;

namespace VerSemi.Platform.Bus;

/// <summary>What all receive endpoints have in common, whenever they are made.</summary>
internal sealed class QueueEndpoints(BusOptions options, Hearing hearing)
{
    public void Configure(string queue, IReceiveEndpointConfigurator endpoint, int concurrency)
    {
        endpoint.PrefetchCount = concurrency;
        endpoint.ConcurrentMessageLimit = concurrency;
        // We send to queues and publish nothing: no exchange per message type, and no right to make one.
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit)
            return;
        hearing.ListenOn(queue, rabbit);
        foreach (var (name, value) in QueueTopology.Arguments(queue, options.DeliveryLimit))
            rabbit.SetQueueArgument(name, value);
    }
}
