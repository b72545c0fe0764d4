using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Live;

namespace VerSemi.Orchestrator.Api;

/// <summary>What happens, as it happens: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal static class EventsApi
{
    private const string HeartbeatEvent = "heartbeat";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/events", Follow).NeedsRole(Role.Viewer).Described("followEvents", "What happens, as server-sent events").Produces<LiveEvent>(200, "text/event-stream");

    private static IResult Follow(
        HttpContext context, LiveEvents live, OrchestratorOptions options, TimeProvider time, [FromHeader(Name = "Last-Event-ID")] string? lastEventId = null, long? after = null)
    {
        if (live.Followers >= options.Live.MostStreams)
            return ProblemKind.Unavailable.Answer($"{options.Live.MostStreams} streams are open already: that is all that this process has. Ask again in a while.");
        // Proxies that keep answers together would keep these back.
        (context.Response.Headers.CacheControl, context.Response.Headers["X-Accel-Buffering"]) = ("no-store", "no");
        return TypedResults.ServerSentEvents(ItemsAsync(live.FollowAsync(IdOf(lastEventId) ?? after), options.Live.Heartbeat, time));
    }

    private static long? IdOf(string? text) => string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, out var id) && id >= 0 ? id
        : throw new DomainException($"Last-Event-ID '{text}' is none of ours: send the id of the last event that was seen, or leave it out.");

    private static async IAsyncEnumerable<SseItem<LiveEvent?>> ItemsAsync(
        IAsyncEnumerable<LiveEvent> events, TimeSpan heartbeat, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var source = events.GetAsyncEnumerator(cancellation);
        while (true)
        {
            var next = source.MoveNextAsync().AsTask();
            while (!await EndedWithinAsync(next, heartbeat, time))
                yield return new SseItem<LiveEvent?>(null, HeartbeatEvent);
            if (!await next)
                yield break;
            yield return new SseItem<LiveEvent?>(source.Current) { EventId = source.Current.Id.ToString() };
        }
    }

    private static async Task<bool> EndedWithinAsync(Task task, TimeSpan span, TimeProvider time)
    {
        try
        {
            await task.WaitAsync(span, time);
            return true;
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            return false;
        }
    }
}
