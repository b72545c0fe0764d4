using DurableTask.Core;

namespace DurableTask.EntityFramework;

// Deleting instances that have ended.
internal sealed partial class EntityFrameworkOrchestrationClient
{
    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId) => PurgeAsync(instanceId, recursive: false);

    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) =>
        PurgeAsync(purgeInstanceFilter, recursive: false);

    public async Task<PurgeResult> PurgeAsync(string instanceId, bool recursive) =>
        new(await purger.PurgeAsync(rows => rows.Where(row => row.Id == instanceId), recursive));

    public async Task<PurgeResult> PurgeAsync(PurgeInstanceFilter filter, bool recursive) => new(await purger.PurgeAsync(rows =>
    {
        rows = rows.Where(row => row.CreatedAt >= filter.CreatedTimeFrom);
        if (filter.CreatedTimeTo is { } to)
            rows = rows.Where(row => row.CreatedAt <= to);
        return filter.RuntimeStatus?.ToList() is { Count: > 0 } statuses ? rows.Where(row => statuses.Contains(row.Status)) : rows;
    }, recursive));

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        purger.PurgeAsync(rows => timeRangeFilterType switch
        {
            OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter => rows.Where(row => row.CreatedAt < thresholdDateTimeUtc),
            OrchestrationStateTimeRangeFilterType.OrchestrationCompletedTimeFilter => rows.Where(row => row.CompletedAt < thresholdDateTimeUtc),
            OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter => rows.Where(row => row.UpdatedAt < thresholdDateTimeUtc),
            _ => throw new ArgumentOutOfRangeException(nameof(timeRangeFilterType), timeRangeFilterType, "Unknown time range filter."),
        }, recursive: false);
}
