using MassTransit;

namespace VerSemi.Platform.Bus;

internal sealed class MemoryHealth(IBusControl bus) : IBusHealth
{
    public Task<BusHealth> CheckAsync(CancellationToken cancellation = default) => Task.FromResult(new BusHealth([.. bus.CheckHealth().Endpoints.Values
        .Where(endpoint => endpoint.Status != BusHealthStatus.Healthy)
        .Select(endpoint => $"Queue '{endpoint.InputAddress.Segments[^1]}' is not listened to: {endpoint.Description}.")]));
}

internal sealed class MemoryDepths : IQueueDepths
{
    public Task<IReadOnlyList<QueueDepth>> ReadAsync(CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<QueueDepth>>([]);
}
