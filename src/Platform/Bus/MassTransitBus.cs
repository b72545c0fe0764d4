using MassTransit;

namespace VerSemi.Platform.Bus;

internal sealed class MassTransitBus(IBus bus) : IMessageBus
{
    public async Task SendAsync<T>(string queue, T message, CancellationToken cancellation = default) where T : class =>
        await (await bus.GetSendEndpoint(QueueAddress.Of(queue))).Send(message, cancellation);

    public async Task<TAnswer> AskAsync<TRequest, TAnswer>(string queue, TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
        where TRequest : class where TAnswer : class
    {
        try
        {
            var client = bus.CreateRequestClient<TRequest>(QueueAddress.Of(queue), RequestTimeout.After(ms: (int)timeout.TotalMilliseconds));
            return (await client.GetResponse<TAnswer>(request, cancellation)).Message;
        }
        catch (RequestTimeoutException e)
        {
            throw new TimeoutException($"No answer to {typeof(TRequest).Name} from '{queue}' within {timeout.TotalSeconds:0.#} s.", e);
        }
    }
}
