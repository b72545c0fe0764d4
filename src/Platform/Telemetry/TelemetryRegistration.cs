using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VerSemi.Platform.Telemetry;

/// <summary>Section "Telemetry".</summary>
public sealed class TelemetryOptions
{
    /// <summary>Where traces, metrics and logs go, e.g. http://127.0.0.1:4318; empty: nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Between two sendings of the metrics, 1 s to an hour; what is left is sent when the process stops.</summary>
    public TimeSpan OtlpMetricsEvery { get; set; } = TimeSpan.FromSeconds(60);

    public IEnumerable<string> Errors()
    {
        if (OtlpEndpoint.Length > 0 && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"Telemetry:OtlpEndpoint is '{OtlpEndpoint}': an address like http://127.0.0.1:4318 is possible, or nothing.";
        if (OtlpMetricsEvery < TimeSpan.FromSeconds(1) || OtlpMetricsEvery > TimeSpan.FromHours(1))
            yield return $"Telemetry:OtlpMetricsEvery is {OtlpMetricsEvery}: 1 s to an hour is possible.";
    }
}

public static class TelemetryRegistration
{
    /// <summary>
    /// Metrics for whoever scrapes them, and by OTLP over HTTP traces, metrics and logs: of our own work, of every message,
    /// of HTTP, of the runtime and the process.
    /// </summary>
    /// <param name="scraped">Whether there is an address to scrape them from.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, string service, TelemetryOptions options, bool scraped)
    {
        var pushes = options.OtlpEndpoint.Length > 0;
        if (!pushes && !scraped)
            return services;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"versemi-{service}", serviceNamespace: "versemi"))
            .WithMetrics(metrics => Measure(metrics, options, scraped, pushes));
        if (pushes)
            telemetry.WithTracing(traces => Trace(traces, options)).WithLogging(logs => logs.AddOtlpExporter(otlp => To(otlp, options, "logs")), logs => logs.IncludeScopes = true);
        return services;
    }

    private static void Measure(MeterProviderBuilder metrics, TelemetryOptions options, bool scraped, bool pushes)
    {
        metrics.AddMeter(Telemetry.SourceName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddProcessInstrumentation();
        // The default buckets end at 10 s; our steps may take minutes.
        metrics.AddView(
            instrument => instrument is System.Diagnostics.Metrics.Histogram<double> { Unit: "s", Meter.Name: Telemetry.SourceName }
                ? new ExplicitBucketHistogramConfiguration { Boundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000] }
                : null);
        if (scraped)
            metrics.AddPrometheusExporter();
        if (pushes)
            metrics.AddOtlpExporter((otlp, reader) =>
            {
                To(otlp, options, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpMetricsEvery.TotalMilliseconds;
            });
    }

    private static void Trace(TracerProviderBuilder traces, TelemetryOptions options) => traces
        .AddSource(Telemetry.SourceName, "MassTransit")
        .AddAspNetCoreInstrumentation(web =>
        {
            web.Filter = context => !IsForMachines(context.Request.Path);
            web.EnrichWithHttpResponse = NameRouteAlone;
        })
        .AddOtlpExporter(otlp => To(otlp, options, "traces"));

    /// <summary>A probe, or the metrics: requested all day long.</summary>
    private static bool IsForMachines(PathString path) => path.StartsWithSegments("/healthz") || path.StartsWithSegments("/metrics");

    /// <summary>A path holds names of cases and files, which may be people's: traces have the route that it matched.</summary>
    private static void NameRouteAlone(Activity activity, HttpResponse response) => activity
        .SetTag("url.path", (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText)
        .SetTag("url.query", null);

    private static void To(OtlpExporterOptions otlp, TelemetryOptions options, string signal) =>
        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(new Uri(options.OtlpEndpoint), $"/v1/{signal}"));
}
