using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>The ledger says what is in production; production.json follows it.</summary>
internal sealed class Production(OrchestratorDb db, IBlobStore blobs, LedgerBlobs ledgers, ILogger<Production> log)
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

    /// <summary>Writes production.json as the ledger says, unless it says so already: missing, damaged, older or different is the same fault.</summary>
    /// <exception cref="ConflictException">The store holds a higher generation: this database is older than the store, and nothing is written.</exception>
    public async Task PointAsync(string line, CancellationToken cancellation)
    {
        if (await CurrentAsync(line, cancellation) is { } current)
            await PointAsync(current, cancellation);
    }

    /// <summary>
    /// After the ledger's row was written, for a caller who waits: the promotion is done, and a file that cannot be written now is written
    /// by the periodic check.
    /// </summary>
    public async Task PointOrLogAsync(string line, CancellationToken cancellation)
    {
        try
        {
            await PointAsync(line, cancellation);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "{Path} could not be written after generation {Generation} of line {Line}; the periodic check writes it: {Reason}",
                BlobLayout.Production(line), (await CurrentAsync(line, CancellationToken.None))?.Generation, line, e.Message);
        }
    }

    /// <summary>Before a cycle starts, and before the ledger's row is written.</summary>
    /// <exception cref="ConflictException">The store holds a higher generation than the ledger.</exception>
    public async Task RequireNewerThanStoreAsync(string line, CancellationToken cancellation)
    {
        // The store first: what another replica promotes meanwhile is then in the rows that are read after it.
        var there = await blobs.InspectJsonAsync<ProductionPointer>(BlobLayout.Production(line), DomainJson.Readable, cancellation);
        var newest = await ledgers.NewestAsync(line, cancellation);
        var generation = (await CurrentAsync(line, cancellation))?.Generation ?? 0;
        RefuseHigher(BlobLayout.Production(line), there.Value?.Generation, generation);
        // The pointer may be missing or damaged.
        RefuseHigher(BlobLayout.Ledger(line), newest, generation);
    }

    /// <summary>The same for every line, each for itself: writes again what a crash, a restored store or damage took away.</summary>
    /// <exception cref="AggregateException">Lines whose file could not be written; all others were.</exception>
    public async Task PointAllAsync(CancellationToken cancellation)
    {
        var errors = new List<Exception>();
        var newest = db.Ledger.AsNoTracking().Where(row => row.Generation == db.Ledger.Where(other => other.Line == row.Line).Max(other => other.Generation));
        foreach (var current in await newest.ToListAsync(cancellation))
            try
            {
                await PointAsync(current, cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                errors.Add(e);
            }
        if (errors.Count > 0)
            throw new AggregateException(string.Join(" ", errors.Select(e => e.Message)), errors);
    }

    private async Task PointAsync(LedgerRow current, CancellationToken cancellation)
    {
        var (path, pointer) = (BlobLayout.Production(current.Line), new ProductionPointer(current.Generation, current.Version));
        await ledgers.KeepAsync(current.Line, cancellation);
        while (true)
        {
            var there = await blobs.InspectJsonAsync<ProductionPointer>(path, DomainJson.Readable, cancellation);
            if (there.Value == pointer)
                return;
            RefuseHigher(path, there.Value?.Generation, pointer.Generation);
            try
            {
                await blobs.WriteJsonAsync(path, pointer, DomainJson.Readable, there.Replaces, cancellation);
                if (WhatWasWrong(there, pointer) is { } wrong)
                    log.LogWarning("{Path} was written again from the ledger, as {Line}/{Version}, generation {Generation}: {Wrong}", path, current.Line, pointer.Version, pointer.Generation, wrong);
                return;
            }
            catch (BlobConflictException)
            {
                // Another replica wrote in between: compare again.
            }
        }
    }

    /// <summary>Null where it only had not followed yet.</summary>
    private static string? WhatWasWrong(InspectedJson<ProductionPointer> there, ProductionPointer pointer) =>
        there.Damage?.Message ?? (there.Value is { } other && other.Generation == pointer.Generation ? $"it said version {other.Version} of the same generation" : null);

    private static void RefuseHigher(string path, int? there, int generation)
    {
        if (there > generation)
            throw new ConflictException(
                $"{path} is at generation {there}, but the ledger only at {generation}: the database is older than the store. Stop the orchestrators, then restore the newer database or run: VerSemi.Orchestrator reconcile.");
    }
}
