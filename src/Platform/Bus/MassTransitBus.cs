using MassTransit;

namespace VerSemi.Platform.Bus;

internal sealed class MassTransitBus(IBus bus, BusOptions options, TimeProvider time) : IMessageBus
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    public async Task SendAsync<T>(string queue, T message, TimeSpan? timeToLive = null, CancellationToken cancellation = default) where T : class
    {
        using var late = new CancellationTokenSource(options.SendWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var endpoint = await bus.GetSendEndpoint(QueueAddress.Of(queue));
            while (!await TryAsync(endpoint, message, timeToLive, either.Token))
                await Task.Delay(BetweenTries, time, either.Token);
        }
        // The engine tries a broker that is away for as long as it is let.
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker did not take {typeof(T).Name} for '{queue}' within {options.SendWithin.TotalSeconds:0.#} s.", e);
        }
    }

    /// <returns>False where the exchange has no queue at the moment: it was deleted, and whoever listens makes it again.</returns>
    private static async Task<bool> TryAsync<T>(ISendEndpoint endpoint, T message, TimeSpan? timeToLive, CancellationToken cancellation) where T : class
    {
        try
        {
            await endpoint.Send(message, send =>
            {
                send.TimeToLive = timeToLive;
                // Confirmed and then dropped is what the broker does with a message that no queue is bound for.
                if (send.TryGetPayload<RabbitMqSendContext>(out var broker))
                    broker.Mandatory = true;
            }, cancellation);
            return true;
        }
        catch (MessageReturnedException)
        {
            return false;
        }
    }

    public async Task<TAnswer> AskAsync<TRequest, TAnswer>(string queue, TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
        where TRequest : class where TAnswer : class
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var client = bus.CreateRequestClient<TRequest>(QueueAddress.Of(queue), RequestTimeout.After(ms: (int)timeout.TotalMilliseconds));
            return (await client.GetResponse<TAnswer>(request, either.Token)).Message;
        }
        // The engine's own time begins when the broker has the request.
        catch (Exception e) when (e is RequestTimeoutException || (e is OperationCanceledException && late.IsCancellationRequested && !cancellation.IsCancellationRequested))
        {
            throw new TimeoutException($"No answer to {typeof(TRequest).Name} from '{queue}' within {timeout.TotalSeconds:0.#} s.", e);
        }
    }
}
