using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>Rows of the ledger as blobs, from which a lost database is rebuilt. One that is missing, damaged or different is written again.</summary>
internal sealed class LedgerBlobs(OrchestratorDb db, IBlobStore blobs, VerifiedLedgers verified, ILogger<LedgerBlobs> log)
{
    /// <summary>The highest generation in the store; 0 where there is none.</summary>
    public async Task<int> NewestAsync(string line, CancellationToken cancellation)
    {
        var newest = 0;
        await foreach (var blob in blobs.ListAsync(BlobLayout.Ledger(line), cancellation))
            if (int.TryParse(Path.GetFileNameWithoutExtension(blob.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
                newest = Math.Max(newest, generation);
        return newest;
    }

    public async Task KeepAsync(string line, CancellationToken cancellation)
    {
        var there = new Dictionary<string, string>();
        await foreach (var blob in blobs.ListAsync(BlobLayout.Ledger(line), cancellation))
            there[blob.Path] = blob.ETag;
        var generations = await db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderBy(row => row.Generation).Select(row => row.Generation).ToListAsync(cancellation);
        foreach (var generation in generations)
        {
            var path = BlobLayout.LedgerEntry(line, generation);
            if (!there.TryGetValue(path, out var tag) || verified.Tags.GetValueOrDefault(path) != tag)
                await KeepAsync(path, line, generation, cancellation);
        }
    }

    private async Task KeepAsync(string path, string line, int generation, CancellationToken cancellation)
    {
        var row = await db.Ledger.AsNoTracking().FirstAsync(row => row.Line == line && row.Generation == generation, cancellation);
        var (value, tag, damage) = await blobs.InspectJsonAsync<LedgerRow>(path, DomainJson.Readable, cancellation);
        if (value is null || ContentHash.Of(value) != ContentHash.Of(row))
        {
            if (tag is not null)
                log.LogWarning("{Path} was written again from the ledger: {Wrong}", path, damage?.Message ?? "it differed");
            tag = (await blobs.WriteJsonAsync(path, row, DomainJson.Readable, cancellation: cancellation)).ETag;
        }
        verified.Tags[path] = tag!;
    }
}

/// <summary>ETags of the ledger's blobs that this process has compared with their rows.</summary>
internal sealed class VerifiedLedgers
{
    public ConcurrentDictionary<string, string> Tags { get; } = new();
}
