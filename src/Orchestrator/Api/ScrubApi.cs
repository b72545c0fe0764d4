using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Scrubbing;

namespace VerSemi.Orchestrator.Api;

internal static class ScrubApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/scrub", (ScrubService scrubs, CancellationToken cancellation) => scrubs.ReadAsync(cancellation))
            .NeedsRole(Role.Viewer).Described("getScrub", "The running and the last verification of all stored content");
        api.MapPost("/scrub", async (StartScrub request, ScrubService scrubs, CancellationToken cancellation) => Results.Accepted(Routes.Scrub, await scrubs.RequestAsync(request, cancellation)))
            .NeedsRole(Role.Operator).Described("startScrub", "Verifies all stored content, or continues an interrupted verification").Produces<ScrubView>(202);
    }
}
