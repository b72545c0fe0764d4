using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerSemi.Platform.Bus;

namespace VerSemi.Platform.Hosting;

/// <summary>Ready: whatever this service should listen to has a live consumer, or, for a worker, it holds a lease.</summary>
internal sealed class BusHealthCheck(IBusHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = await health.CheckAsync(cancellationToken);
        return found.Troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join(" ", found.Troubles));
    }
}
