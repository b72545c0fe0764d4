using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace VerSemi.GpuTrainer.Service;

/// <summary>
/// A one-shot process is ready while it holds a lease, and only then: a scaler that counts what waits in the queue and the
/// pods that are not ready yet starts one pod a message, no more. Any other worker is ready while it listens, too, which
/// the bus's check looks at.
/// </summary>
internal sealed class LeaseHealth(CurrentLease lease, IOptions<GpuTrainerOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lease.Held is { } held ? HealthCheckResult.Healthy($"run {held.Run}, attempt {held.Attempt}")
        : options.Value.OneShot ? HealthCheckResult.Unhealthy("No lease: it waits for its message, or is about to exit.")
        : HealthCheckResult.Healthy());
}
