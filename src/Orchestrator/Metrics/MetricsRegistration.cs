using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Metrics;

internal static class MetricsRegistration
{
    /// <summary>The platform's state as metrics; for a process that somebody can scrape.</summary>
    public static IServiceCollection AddStateMetrics(this IServiceCollection services) => services.AddScoped<StateReader>().AddHostedService<StateMetrics>();
}
