using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Deletes instances that have ended, with all that belongs to them.</summary>
internal sealed class Purger(Sessions sessions)
{
    private const int BatchSize = 500;

    /// <param name="recursive">Also their sub-orchestrations that have ended, at any depth.</param>
    /// <returns>The number of instances deleted.</returns>
    public async Task<int> PurgeAsync(Func<IQueryable<InstanceRow>, IQueryable<InstanceRow>> which, bool recursive)
    {
        var purged = 0;
        while (await NextAsync(which) is { Count: > 0 } batch)
        {
            for (var level = batch; recursive && level.Count > 0; batch = [.. batch, .. level])
                level = [.. (await ChildrenAsync(level)).Except(batch)];
            foreach (var ids in batch.Distinct().Chunk(BatchSize))
                purged += await DeleteAsync(ids);
        }
        return purged;
    }

    /// <summary>Messages to instances that were purged meanwhile.</summary>
    public async Task PurgeOrphansAsync()
    {
        await using var session = sessions.Open();
        await session.Messages.Where(message => !session.Instances.Any(row => row.Id == message.Instance)).ExecuteDeleteAsync();
    }

    private async Task<List<string>> NextAsync(Func<IQueryable<InstanceRow>, IQueryable<InstanceRow>> which)
    {
        await using var session = sessions.Open();
        return await which(session.Instances.Where(row => row.CompletedAt != null))
            .OrderBy(row => row.Id).Select(row => row.Id).Take(BatchSize).ToListAsync();
    }

    private async Task<List<string>> ChildrenAsync(List<string> parents)
    {
        await using var session = sessions.Open();
        return await session.Instances.Where(row => row.ParentId != null && parents.Contains(row.ParentId) && row.CompletedAt != null)
            .Select(row => row.Id).ToListAsync();
    }

    /// <summary>The instance last: a purge that broke off is repeated.</summary>
    private async Task<int> DeleteAsync(string[] ids)
    {
        await using var session = sessions.Open();
        await session.History.Where(row => ids.Contains(row.Instance)).ExecuteDeleteAsync();
        await session.Messages.Where(row => ids.Contains(row.Instance)).ExecuteDeleteAsync();
        return await session.Instances.Where(row => ids.Contains(row.Id) && row.CompletedAt != null).ExecuteDeleteAsync();
    }
}
