using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Which ended cycles this process knows to lie in the blob store as they ended.</summary>
internal sealed class ArchivedCycles
{
    /// <summary>By id: when the cycle, as it was written, had last changed. Those that changed lately.</summary>
    public Dictionary<string, DateTimeOffset> Written { get; } = [];

    /// <summary>All that ended before is written; null: not compared yet.</summary>
    public DateTimeOffset? Since { get; set; }
}

/// <summary>
/// Ended cycles as blobs, from which a lost database is rebuilt. The first look of a process compares the names of all
/// with what lies there; from then on one question a look finds those that ended lately.
/// </summary>
internal sealed class CycleArchive(OrchestratorDb db, IBlobStore blobs, ArchivedCycles archived)
{
    /// <summary>A row is seen so long after the time that stands in it: its transaction, another replica's clock.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);
    private const int AtATime = 8;

    public async Task KeepAsync(CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        var ended = db.Cycles.AsNoTracking().Where(cycle => CycleStates.Final.Contains(cycle.State));
        if (archived.Since is { } since)
            await WriteAsync(ended.Where(cycle => cycle.UpdatedAt >= since - Overlap), _ => true, cancellation);
        else
            await WriteAsync(ended, await MissingAsync(cancellation), cancellation);
        foreach (var old in archived.Written.Where(entry => entry.Value < now - (2 * Overlap)).ToList())
            archived.Written.Remove(old.Key);
        archived.Since = now;
    }

    private async Task WriteAsync(IQueryable<Cycle> ended, Func<string, bool> wanted, CancellationToken cancellation)
    {
        foreach (var cycle in await ended.Select(cycle => new { cycle.Id, cycle.UpdatedAt }).ToListAsync(cancellation))
        {
            if (!wanted(cycle.Id) || archived.Written.GetValueOrDefault(cycle.Id) == cycle.UpdatedAt)
                continue;
            var row = await db.Cycles.AsNoTracking().FirstAsync(row => row.Id == cycle.Id, cancellation);
            // Taken up again meanwhile: it is written when it ends.
            if (!CycleStates.IsFinal(row.State))
                continue;
            await blobs.WriteJsonAsync(BlobLayout.Cycle(row.Id), row, DomainJson.Readable, cancellation: cancellation);
            archived.Written[row.Id] = row.UpdatedAt;
        }
    }

    /// <summary>Those that do not lie there as they were written, and each line's newest: it may have gone on since it was written.</summary>
    private async Task<Func<string, bool>> MissingAsync(CancellationToken cancellation)
    {
        var there = new ConcurrentDictionary<string, bool>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(blobs.ListAsync(BlobLayout.Cycles, cancellation), parallel, async (blob, stop) => there[blob.Path] = await IsWholeAsync(blob.Path, stop));
        var newest = (await db.LastCyclesAsync(cancellation)).Select(last => last.Id).ToHashSet();
        return id => newest.Contains(id) || !there.GetValueOrDefault(BlobLayout.Cycle(id));
    }

    private async Task<bool> IsWholeAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await blobs.CheckJsonAsync(path, cancellation);
            return true;
        }
        catch (DamagedBlobException)
        {
            return false;
        }
    }
}
