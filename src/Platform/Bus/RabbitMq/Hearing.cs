using System.Collections.Concurrent;
using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>
/// What this process listens on, and whether it hears. When a queue was deleted and declared again, the broker may go on
/// to deliver to a consumer of the old one, whose channel drops every message without a word (seen with RabbitMQ 3.10):
/// a consumer that looks alive and hears nothing. A new channel is the cure, so none is listened on twice.
/// </summary>
internal sealed class Hearing(BusOptions options, TimeProvider time) : IReceiveObserver
{
    private readonly ConcurrentDictionary<string, Ear> _ears = [];

    /// <summary>In the channel's pipe: what follows listens until it is cancelled.</summary>
    public void ListenOn(string queue, IRabbitMqReceiveEndpointConfigurator endpoint) =>
        endpoint.ConfigureChannel(channel => channel.UseFilter(new OneUse(Of(queue).Channels)));

    /// <summary>The engine opens another channel when this one is closed, and listens again.</summary>
    public async Task RenewAsync(string queue)
    {
        foreach (var channel in Of(queue).Channels.Keys)
            await CloseAsync(channel);
    }

    /// <param name="waiting">Messages that wait in the queue.</param>
    /// <returns>True: some wait, none is in hand here, and none came for as long as the options allow.</returns>
    public bool IsDeaf(string queue, uint waiting)
    {
        var ear = Of(queue);
        if (waiting > 0 && ear.InHand == 0 && ear.Still is { } since)
            return time.GetElapsedTime(since) > options.DeafAfter;
        ear.Still = waiting > 0 ? time.GetTimestamp() : null;
        return false;
    }

    public Task PreReceive(ReceiveContext context)
    {
        var ear = Of(QueueOf(context));
        Interlocked.Increment(ref ear.InHand);
        ear.Still = null;
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context) => DoneAsync(context);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => DoneAsync(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    private Task DoneAsync(ReceiveContext context)
    {
        Interlocked.Decrement(ref Of(QueueOf(context)).InHand);
        return Task.CompletedTask;
    }

    private Ear Of(string queue) => _ears.GetOrAdd(queue, _ => new Ear());

    private static string QueueOf(ReceiveContext context) => context.InputAddress.Segments[^1];

    private static async Task CloseAsync(IChannel channel)
    {
        if (!channel.IsOpen)
            return;
        try
        {
            await channel.CloseAsync(Constants.ReplySuccess, "not listened on any more", abort: true);
        }
        catch (ObjectDisposedException)
        {
            // The engine, or the end of the connection, did it in the same moment.
        }
    }

    private sealed class Ear
    {
        public readonly ConcurrentDictionary<IChannel, byte> Channels = [];
        public int InHand;

        /// <summary>Since when messages wait and none came; null: none wait, or one came.</summary>
        public long? Still;
    }

    private sealed class OneUse(ConcurrentDictionary<IChannel, byte> channels) : IFilter<ChannelContext>
    {
        public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
        {
            channels[context.Channel] = 0;
            try
            {
                await next.Send(context);
            }
            finally
            {
                channels.TryRemove(context.Channel, out _);
                await CloseAsync(context.Channel);
            }
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope(nameof(OneUse));
    }
}
