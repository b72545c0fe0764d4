using System.Net.ServerSentEvents;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Live;

namespace VerSemi.IntegrationTests.Orchestrator.Live;

/// <summary>One stream over HTTP, as a browser has it.</summary>
internal sealed class EventStream(HttpClient http) : IAsyncDisposable
{
    private HttpResponseMessage? _answer;
    private IAsyncEnumerator<SseItem<string>>? _items;

    /// <param name="after">Sent as Last-Event-ID.</param>
    public static async Task<EventStream> OpenAsync(HttpClient http, long? after = null)
    {
        var stream = new EventStream(http);
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Events);
        if (after is { } id)
            request.Headers.Add("Last-Event-ID", id.ToString());
        stream._answer = await stream.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", stream._answer.Content.Headers.ContentType?.MediaType);
        var body = await stream._answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        stream._items = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        return stream;
    }

    private HttpClient Http => http;

    /// <summary>The next one that is no heartbeat; null at the stream's end.</summary>
    public async Task<LiveEvent?> NextAsync()
    {
        while (await _items!.MoveNextAsync())
            if (_items.Current.EventType == SseParser.EventTypeDefault)
            {
                var happened = JsonSerializer.Deserialize<LiveEvent>(_items.Current.Data, DomainJson.Canonical)!;
                Assert.Equal(_items.Current.EventId, happened.Id.ToString());
                return happened;
            }
        return null;
    }

    /// <summary>The next of a kind; others are passed over.</summary>
    public async Task<LiveEvent> NextAsync(string kind)
    {
        while (await NextAsync() is { } happened)
            if (happened.Kind == kind)
                return happened;
        throw new EndOfStreamException($"The stream ended before an event '{kind}'.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_items is not null)
            await _items.DisposeAsync();
        _answer?.Dispose();
    }
}
