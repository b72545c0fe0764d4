using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using VerSemi.Platform.Startup;

namespace VerSemi.Platform.Hosting;

/// <summary>How far the service itself is: what its start waits for, whether it runs, whether it stops.</summary>
internal sealed class ServiceHealth(StartRequirements start, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Name = "service";

    /// <summary>False while the other checks would ask parts that have not started, or are being stopped.</summary>
    public bool OthersMayBeAsked => start.Waiting.Count == 0 && !lifetime.ApplicationStopping.IsCancellationRequested;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("it is stopping")
        : start.Waiting is { Count: > 0 } waiting ? HealthCheckResult.Unhealthy($"it waits for {string.Join(", and for ", waiting)}")
        : lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy("it is starting"));
}
