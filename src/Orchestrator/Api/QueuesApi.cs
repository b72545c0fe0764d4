using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Api;

internal static class QueuesApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/queues", async (IQueueDepths depths, CancellationToken cancellation) =>
        (await depths.ReadAsync(cancellation)).OrderBy(depth => depth.Queue, StringComparer.Ordinal)
            .Select(depth => new QueueView(depth.Queue, depth.Ready, depth.Consumers, depth.DeadLetters)).ToList()).NeedsRole(Role.Viewer).Described("listQueues", "Messages that wait, by queue");
}
