using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit.Tracing;

/// <summary>Takes traces, metrics and logs as a collector does: OTLP over HTTP, on a free loopback port.</summary>
public sealed class TraceReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentQueue<string> _metrics = [];
    private readonly ConcurrentQueue<string> _logs = [];
    private readonly WebApplication _app;

    private TraceReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapPost("/v1/traces", context => TakeAsync(context, body => Add(_spans, Tracing.Spans.Read(body))));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, body => Add(_metrics, Signals.Metrics(body))));
        _app.MapPost("/v1/logs", context => TakeAsync(context, body => Add(_logs, Signals.Logs(body))));
    }

    /// <summary>For the services' setting Telemetry:OtlpEndpoint.</summary>
    public string Url { get; } = $"http://127.0.0.1:{TestServers.FreePort()}";

    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>OpenTelemetry's names, as often as they came.</summary>
    public IReadOnlyList<string> Metrics => [.. _metrics];

    /// <summary>Texts of log records, before anything is put into them.</summary>
    public IReadOnlyList<string> Logs => [.. _logs];

    public IReadOnlyList<Span> Of(string trace) => [.. _spans.Where(span => span.Trace == trace)];

    public static async Task<TraceReceiver> StartAsync(CancellationToken cancellation = default)
    {
        var receiver = new TraceReceiver();
        await receiver._app.StartAsync(cancellation);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Add<T>(ConcurrentQueue<T> queue, IEnumerable<T> items)
    {
        foreach (var item in items)
            queue.Enqueue(item);
    }

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        take(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }
}
