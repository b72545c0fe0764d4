using MassTransit;
using MassTransit.RabbitMqTransport;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>
/// A channel is listened on once. When its queue was deleted and declared again, the broker's end of the channel may
/// still count the old queue's deliveries and drop the new one's without a word (seen with RabbitMQ 3.10): a consumer
/// that looks alive and hears nothing. The engine would listen again on the same channel; closed, it opens a new one.
/// </summary>
internal sealed class ChannelOnce : IFilter<ChannelContext>
{
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        try
        {
            await next.Send(context);
        }
        finally
        {
            await context.Channel.CloseAsync(RabbitMQ.Client.Constants.ReplySuccess, "not listened on any more", abort: true);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope(nameof(ChannelOnce));
}
