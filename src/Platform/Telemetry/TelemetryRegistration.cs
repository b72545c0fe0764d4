using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VerSemi.Platform.Telemetry;

/// <summary>Section "Telemetry".</summary>
public sealed class TelemetryOptions
{
    /// <summary>Where traces go, e.g. http://127.0.0.1:4318; empty: nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    public IEnumerable<string> Errors()
    {
        if (OtlpEndpoint.Length > 0 && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"Telemetry:OtlpEndpoint is '{OtlpEndpoint}': an address like http://127.0.0.1:4318 is possible, or nothing.";
    }
}

public static class TelemetryRegistration
{
    /// <summary>Traces of our own work, of every message and of HTTP, sent by OTLP over HTTP.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, string service, TelemetryOptions options)
    {
        if (options.OtlpEndpoint.Length == 0)
            return services;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"versemi-{service}", serviceNamespace: "versemi"))
            .WithTracing(traces => traces
                .AddSource(Telemetry.SourceName, "MassTransit")
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !context.Request.Path.StartsWithSegments("/healthz"))
                .AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(new Uri(options.OtlpEndpoint), "/v1/traces"))));
        return services;
    }
}
