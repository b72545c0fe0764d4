using MassTransit;

namespace VerSemi.Platform.Bus;

/// <summary>
/// Claim, acknowledge, stop listening, work. The endpoint is stopped outside the consumer (inside, the stop waits for
/// the consumer and the consumer for the stop), so a second message may arrive in between: it goes back to the queue.
/// </summary>
internal sealed class WorkQueue(IBus bus, IReceiveEndpointConnector connector) : IWorkQueue
{
    public async Task<TLease> TakeAsync<TMessage, TLease>(string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, CancellationToken cancellation)
        where TMessage : class where TLease : class
    {
        var taken = new TaskCompletionSource<TLease>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handle = connector.ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            endpoint.PrefetchCount = 1;
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.Handler<TMessage>(async context =>
            {
                if (taken.Task.IsCompleted)
                {
                    await HandBackAsync(context, queue);
                    return;
                }
                if (await claim(context.Message, context.CancellationToken) is { } lease)
                    taken.TrySetResult(lease);
            });
        });
        try
        {
            return await taken.Task.WaitAsync(cancellation);
        }
        finally
        {
            await handle.StopAsync(CancellationToken.None);
        }
    }

    private async Task HandBackAsync<TMessage>(ConsumeContext<TMessage> context, string queue) where TMessage : class =>
        await (await bus.GetSendEndpoint(QueueAddress.Of(queue))).Send(context.Message, context.CancellationToken);
}
