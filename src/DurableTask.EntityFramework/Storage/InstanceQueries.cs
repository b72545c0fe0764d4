using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Reads instances.</summary>
internal sealed class InstanceQueries(Sessions sessions)
{
    public async Task<OrchestrationState?> FindAsync(string id)
    {
        await using var session = sessions.Open();
        return await session.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id) is { } row ? StateOf(row) : null;
    }

    public async Task<IList<HistoryEvent>> HistoryAsync(string id)
    {
        await using var session = sessions.Open();
        var rows = await session.History.AsNoTracking().Where(row => row.Instance == id).OrderBy(row => row.Number).ToListAsync();
        return [.. rows.Select(row => EventJson.Read(row.Kind, row.Body))];
    }

    /// <summary>A page, by id. The continuation token is the last id.</summary>
    public async Task<OrchestrationQueryResult> ListAsync(OrchestrationQuery query, CancellationToken cancellation)
    {
        await using var session = sessions.Open();
        var rows = session.Instances.AsNoTracking();
        if (query.RuntimeStatus?.ToList() is { Count: > 0 } statuses)
            rows = rows.Where(row => statuses.Contains(row.Status));
        if (query.InstanceIdPrefix is { Length: > 0 } prefix)
            rows = rows.Where(row => row.Id.StartsWith(prefix));
        if (query.CreatedTimeFrom is { } from)
            rows = rows.Where(row => row.CreatedAt >= from);
        if (query.CreatedTimeTo is { } to)
            rows = rows.Where(row => row.CreatedAt <= to);
        if (query.ContinuationToken is { Length: > 0 } after)
            rows = rows.Where(row => string.Compare(row.Id, after) > 0);
        var page = await rows.OrderBy(row => row.Id).Take(query.PageSize).ToListAsync(cancellation);
        return new OrchestrationQueryResult([.. page.Select(StateOf)], page.Count == query.PageSize ? page[^1].Id : null);
    }

    private static OrchestrationState StateOf(InstanceRow row) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Id, ExecutionId = row.ExecutionId },
        ParentInstance = EventJson.ReadOptional<ParentInstance>(row.Parent),
        Name = row.Name,
        Version = row.Version,
        OrchestrationStatus = row.Status,
        Status = row.CustomStatus,
        Input = row.Input,
        Output = row.Output,
        FailureDetails = EventJson.ReadOptional<FailureDetails>(row.Failure),
        Tags = EventJson.ReadOptional<Dictionary<string, string>>(row.Tags),
        ScheduledStartTime = row.StartsAt,
        CreatedTime = row.CreatedAt,
        LastUpdatedTime = row.UpdatedAt,
        CompletedTime = row.CompletedAt ?? default,
    };
}
