using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>The ledger says what is in production; production.json follows it.</summary>
internal sealed class Production(OrchestratorDb db, IBlobStore blobs)
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
        if (await CurrentAsync(line, cancellation) is not { } current)
            return;
        var (path, pointer) = (BlobLayout.Production(line), new ProductionPointer(current.Generation, current.Version));
        while (true)
        {
            var present = await blobs.TryReadJsonAsync<ProductionPointer>(path, DomainJson.Readable, cancellation);
            if (present?.Value is { } there && there.Generation >= pointer.Generation)
            {
                RefuseHigher(path, there, pointer);
                return;
            }
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

    private static void RefuseHigher(string path, ProductionPointer there, ProductionPointer pointer)
    {
        if (there.Generation > pointer.Generation)
            throw new ConflictException(
                $"{path} is at generation {there.Generation}, but the ledger only at {pointer.Generation}: the database is older than the store. Restore the newer database.");
    }
}
