using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerSemi.Platform.Logs;

namespace VerSemi.Orchestrator.Persistence;

internal sealed class DatabaseHealth(OrchestratorDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await db.Datasets.AsNoTracking().Select(row => row.Name).FirstOrDefaultAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The database does not answer: {OutsideText.WithoutPaths(e.GetBaseException().Message)}");
        }
    }
}
