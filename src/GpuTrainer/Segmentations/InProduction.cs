using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Segmentations;

/// <summary>What a line has in production, for readers without the database.</summary>
public static class InProduction
{
    /// <summary>As production.json says; while that is damaged, as the newest blob of the ledger says, which is written before it. Null where nothing was promoted.</summary>
    public static async Task<ProductionPointer?> FindAsync(IBlobStore store, string line, CancellationToken cancellation)
    {
        var (pointer, _, damage) = await store.InspectJsonAsync<ProductionPointer>(BlobLayout.Production(line), DomainJson.Readable, cancellation);
        if (damage is null)
            return pointer;
        return await NewestGenerationAsync(store, line, cancellation) is { } generation
            ? await store.ReadJsonAsync<ProductionPointer>(BlobLayout.LedgerEntry(line, generation), DomainJson.Readable, cancellation)
            : throw damage;
    }

    private static async Task<int?> NewestGenerationAsync(IBlobStore store, string line, CancellationToken cancellation)
    {
        int? newest = null;
        var folder = BlobLayout.Ledger(line);
        await foreach (var blob in store.ListAsync(folder, cancellation))
            if (int.TryParse(Path.GetFileNameWithoutExtension(blob.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var generation) && generation > (newest ?? 0))
                newest = generation;
        return newest;
    }
}
