using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Data;

/// <summary>Voxel files of a dataset, which may have been withdrawn while an older version still names them.</summary>
internal static class StoredVoxels
{
    /// <param name="read">Given the content and the name for messages.</param>
    /// <exception cref="DomainException">They were withdrawn.</exception>
    /// <exception cref="DamagedBlobException">They are not what the dataset's manifest names.</exception>
    public static async Task<T> ReadAsync<T>(IBlobStore store, string dataset, string hash, Func<Stream, string, T> read, CancellationToken cancellation)
    {
        var path = BlobLayout.Voxels(dataset, hash);
        try
        {
            return await store.ReadVerifiedAsync(path, hash, content => read(content, path), cancellation);
        }
        catch (BlobNotFoundException e)
        {
            if (await WithdrawalOfAsync(store, dataset, hash, cancellation) is not { } withdrawal)
                throw;
            throw new DomainException(
                $"'{path}' was erased by withdrawal {withdrawal}: this version of dataset '{dataset}' can no longer be trained or evaluated on. Start a cycle on the newest version, which does not have the case.", e);
        }
    }

    /// <summary>Blobs that withdrawals have erased: their local copies must go, too.</summary>
    public static async Task<IReadOnlySet<string>> ErasedAsync(IBlobStore store, CancellationToken cancellation)
    {
        var erased = new HashSet<string>();
        await foreach (var entry in store.ListAsync(BlobLayout.Withdrawals, cancellation))
            if (await store.InspectJsonAsync<WithdrawalRecord>(entry.Path, DomainJson.Readable, cancellation) is { Value: { } record })
                erased.UnionWith(record.Erased);
        return erased;
    }

    private static async Task<string?> WithdrawalOfAsync(IBlobStore store, string dataset, string hash, CancellationToken cancellation)
    {
        var withdrawn = await store.TryReadJsonAsync<WithdrawnCases>(BlobLayout.Withdrawn(dataset), DomainJson.Readable, cancellation);
        return withdrawn?.Value.Cases.FirstOrDefault(tombstone => tombstone.Image == hash || tombstone.Label == hash)?.Withdrawal;
    }
}
