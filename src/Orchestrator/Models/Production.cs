using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>The ledger says what is in production; production.json follows it.</summary>
internal sealed class Production(OrchestratorDb db, IBlobStore blobs, KeptLedgers kept)
{
    /// <summary>The newest row; null before the first promotion.</summary>
    public Task<LedgerRow?> CurrentAsync(string line, CancellationToken cancellation) =>
        db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderByDescending(row => row.Generation).FirstOrDefaultAsync(cancellation);

    /// <summary>Adds the next generation to what the next SaveChanges writes; (line, generation) is the key, so of two at once one fails.</summary>
    public async Task<LedgerRow> AppendAsync(string line, int version, string kind, string? who, string? why, CancellationToken cancellation)
    {
        var generation = ((await CurrentAsync(line, cancellation))?.Generation ?? 0) + 1;
        var row = new LedgerRow { Line = line, Generation = generation, Version = version, Kind = kind, Who = who, Why = why, At = db.Clock.Now };
        db.Ledger.Add(row);
        db.Note("line", line, kind, $"{line}/{version} is generation {generation}{(why is null ? "" : $": {why}")}", who);
        return row;
    }

    /// <summary>
    /// Writes production.json as the ledger says, unless it says so already. A higher generation in the store means that
    /// this database is older than the store: nothing is written.
    /// </summary>
    public async Task PointAsync(string line, CancellationToken cancellation)
    {
        if (await CurrentAsync(line, cancellation) is { } current)
            await PointAsync(current, cancellation);
    }

    /// <summary>The same for every line: mends what a crash, or a restored store, left behind.</summary>
    public async Task PointAllAsync(CancellationToken cancellation)
    {
        var newest = db.Ledger.AsNoTracking().Where(row => row.Generation == db.Ledger.Where(other => other.Line == row.Line).Max(other => other.Generation));
        foreach (var current in await newest.ToListAsync(cancellation))
            await PointAsync(current, cancellation);
    }

    private async Task PointAsync(LedgerRow current, CancellationToken cancellation)
    {
        var (path, pointer) = (BlobLayout.Production(current.Line), new ProductionPointer(current.Generation, current.Version));
        while (true)
        {
            var present = await blobs.TryReadJsonAsync<ProductionPointer>(path, DomainJson.Readable, cancellation);
            if (present?.Value is { } there && there.Generation >= pointer.Generation)
            {
                RefuseHigher(path, there, pointer);
                if (kept.Generations.GetValueOrDefault(current.Line) != current.Generation)
                    await KeepLedgerAsync(current, cancellation);
                return;
            }
            await KeepLedgerAsync(current, cancellation);
            try
            {
                var condition = present is { ETag: var tag } ? new WriteCondition(IfMatch: tag) : new WriteCondition(IfAbsent: true);
                await blobs.WriteJsonAsync(path, pointer, DomainJson.Readable, condition, cancellation);
                return;
            }
            catch (BlobConflictException)
            {
                // Another wrote in between: look again.
            }
        }
    }

    /// <summary>Rows of the ledger as blobs, each once: what a lost database is rebuilt from.</summary>
    private async Task KeepLedgerAsync(LedgerRow current, CancellationToken cancellation)
    {
        var (line, written) = (current.Line, new HashSet<string>());
        await foreach (var blob in blobs.ListAsync(BlobLayout.Ledger(line), cancellation))
            written.Add(blob.Path);
        foreach (var row in await db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderBy(row => row.Generation).ToListAsync(cancellation))
            if (!written.Contains(BlobLayout.LedgerEntry(line, row.Generation)))
                await blobs.WriteJsonAsync(BlobLayout.LedgerEntry(line, row.Generation), row, DomainJson.Readable, cancellation: cancellation);
        kept.Generations[line] = current.Generation;
    }

    private static void RefuseHigher(string path, ProductionPointer there, ProductionPointer pointer)
    {
        if (there.Generation > pointer.Generation)
            throw new ConflictException(
                $"{path} is at generation {there.Generation}, but the ledger only at {pointer.Generation}: the database is older than the store. Restore the newer database.");
    }
}

/// <summary>Up to which generation this process knows each line's ledger to lie in the blob store.</summary>
internal sealed class KeptLedgers
{
    public ConcurrentDictionary<string, int> Generations { get; } = new();
}
