using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit.Tracing;

/// <summary>Takes traces as a collector does: OTLP over HTTP, on a free loopback port.</summary>
public sealed class TraceReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly WebApplication _app;

    private TraceReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapPost("/v1/traces", TakeAsync);
    }

    /// <summary>For the services' setting Telemetry:OtlpEndpoint.</summary>
    public string Url { get; } = $"http://127.0.0.1:{TestServers.FreePort()}";

    public IReadOnlyList<Span> Spans => [.. _spans];

    public IReadOnlyList<Span> Of(string trace) => [.. _spans.Where(span => span.Trace == trace)];

    public static async Task<TraceReceiver> StartAsync(CancellationToken cancellation = default)
    {
        var receiver = new TraceReceiver();
        await receiver._app.StartAsync(cancellation);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var span in Tracing.Spans.Read(body.ToArray()))
            _spans.Enqueue(span);
        context.Response.ContentType = "application/x-protobuf";
    }
}
