using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace VerSemi.Platform.Hosting;

/// <summary>
/// Probes and metrics, on an address of their own and for every caller. A web server beside the service's: it answers before
/// the service has found its database, broker and store, and until the service has stopped.
/// </summary>
internal static class ManagementServer
{
    public const string LivePath = "/healthz/live";
    public const string ReadyPath = "/healthz/ready";
    public const string MetricsPath = "/metrics";

    public static WebApplication Build(WebApplication service, Uri address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Configure(Certificates(service.Configuration))).UseUrls(address.ToString());
        builder.Services.AddRouting().AddSingleton<IHostLifetime, NoLifetime>().AddSingleton(service.Services.GetRequiredService<ILoggerFactory>());
        var server = builder.Build();
        server.MapGet(LivePath, () => "Healthy");
        server.MapGet(ReadyPath, context => AnswerAsync(context, service.Services));
        server.MapPrometheusScrapingEndpoint(MetricsPath, service.Services.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
        return server;
    }

    /// <summary>The section "Kestrel" without its endpoints, which are the service's.</summary>
    private static IConfiguration Certificates(IConfiguration settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GetSection("Kestrel").AsEnumerable(makePathsRelative: true).Where(pair => pair.Key.StartsWith("Certificates", StringComparison.OrdinalIgnoreCase)))
        .Build();

    private static async Task AnswerAsync(HttpContext context, IServiceProvider service)
    {
        var self = service.GetRequiredService<ServiceHealth>();
        var report = await service.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            check => check.Name == ServiceHealth.Name || (check.Tags.Contains(ServiceHost.Ready) && self.OthersMayBeAsked), context.RequestAborted);
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(report.Entries.ToDictionary(
            entry => entry.Key, entry => $"{entry.Value.Status}{(entry.Value.Description is { } why ? $": {why}" : "")}")), context.RequestAborted);
    }
}
