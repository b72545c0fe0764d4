using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerSemi.Platform.Logs;

namespace VerSemi.Platform.Blobs;

/// <summary>Whether the store answers, and lets this process list: one listing of its top.</summary>
public sealed class BlobStoreHealth(IBlobStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.ListFoldersAsync("", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, OutsideText.WithoutPaths(e.Message), e);
        }
    }
}
