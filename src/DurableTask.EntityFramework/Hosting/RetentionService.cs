using DurableTask.EntityFramework.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DurableTask.EntityFramework.Hosting;

/// <summary>Purges instances when their retention has passed.</summary>
internal sealed class RetentionService(Purger purger, EntityFrameworkOptions options, TimeProvider time, ILogger<RetentionService> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Retention is not { } retention)
            return;
        using var timer = new PeriodicTimer(options.PurgeInterval, time);
        do
            await PurgeAsync(retention);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PurgeAsync(TimeSpan retention)
    {
        try
        {
            var before = time.GetUtcNow().UtcDateTime - retention;
            var purged = await purger.PurgeAsync(rows => rows.Where(row => row.CompletedAt < before), recursive: false);
            await purger.PurgeOrphansAsync();
            if (purged > 0)
                log.LogInformation("Purged {Count} orchestrations that ended before {Before:u}", purged, before);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "Ended orchestrations could not be purged; again in {Interval}", options.PurgeInterval);
        }
    }
}
