namespace VerSemi.Platform.Bus.RabbitMq;

internal sealed class RabbitMqDepths(RabbitMqConnection broker, RabbitMqTopology topology, BusOptions options) : IQueueDepths
{
    public async Task<IReadOnlyList<QueueDepth>> ReadAsync(CancellationToken cancellation = default)
    {
        try
        {
            var depths = new List<QueueDepth>();
            foreach (var queue in topology.Queues)
                depths.Add(await ReadAsync(queue, cancellation));
            return depths;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"The broker at {options.Host}:{options.PortOrDefault} does not answer: {e.GetBaseException().Message}", e);
        }
    }

    private async Task<QueueDepth> ReadAsync(string queue, CancellationToken cancellation)
    {
        var (count, dead) = (await broker.CountAsync(queue, cancellation), await broker.CountAsync(QueueTopology.Errors(queue), cancellation));
        return new QueueDepth(queue, count?.MessageCount ?? 0, (int)(count?.ConsumerCount ?? 0), dead?.MessageCount ?? 0);
    }
}
