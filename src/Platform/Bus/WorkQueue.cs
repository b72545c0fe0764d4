using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Bus;

/// <summary>
/// Claim, acknowledge, stop listening, work. The endpoint is stopped outside the consumer: inside, the stop waits for
/// the consumer and the consumer for the stop.
/// </summary>
internal sealed class WorkQueue(IReceiveEndpointConnector connector, IMessageBus bus, QueueEndpoints endpoints, TimeProvider time, ILogger<WorkQueue> logger) : IWorkQueue
{
    private readonly ConcurrentDictionary<string, byte> _listening = [];

    /// <summary>Queues that someone waits at just now; while the work goes on, nobody should.</summary>
    public IEnumerable<string> Listening => _listening.Keys;

    public async Task<TLease> TakeAsync<TMessage, TLease>(string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, CancellationToken cancellation)
        where TMessage : class where TLease : class
    {
        using var taking = new WorkTaking<TMessage, TLease>(queue, claim, once: false, bus, time, logger);
        return await ListenAsync(queue, taking, Timeout.InfiniteTimeSpan, cancellation) ?? throw new OperationCanceledException(cancellation);
    }

    public async Task<TLease?> TakeOneAsync<TMessage, TLease>(string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, TimeSpan atMost, CancellationToken cancellation)
        where TMessage : class where TLease : class
    {
        using var taking = new WorkTaking<TMessage, TLease>(queue, claim, once: true, bus, time, logger);
        return await ListenAsync(queue, taking, atMost, cancellation);
    }

    private async Task<TLease?> ListenAsync<TMessage, TLease>(string queue, WorkTaking<TMessage, TLease> taking, TimeSpan atMost, CancellationToken cancellation)
        where TMessage : class where TLease : class
    {
        var handle = connector.ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            endpoints.Configure(queue, endpoint, concurrency: 1);
            endpoint.Handler<TMessage>(taking.HandleAsync);
        });
        _listening[queue] = 0;
        try
        {
            await taking.EndAsync(atMost, cancellation);
        }
        finally
        {
            _listening.TryRemove(queue, out _);
            await handle.StopAsync(CancellationToken.None);
        }
        // A claim that was under way has ended with the endpoint; a lease it got is not thrown away for a cancellation.
        if (taking.Lease is null)
            cancellation.ThrowIfCancellationRequested();
        return taking.Lease;
    }
}
