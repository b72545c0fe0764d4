using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>Every version of a dataset: a replaced label lies on in the store as long as its version does.</summary>
/// <param name="Newest">Null where nothing was committed yet.</param>
internal sealed record DatasetVersions(string Name, DatasetManifest? Newest, IReadOnlyList<DatasetManifest> All)
{
    public IEnumerable<CaseEntry> Entries => All.SelectMany(manifest => manifest.Cases).Distinct();

    public static async Task<IReadOnlyList<DatasetVersions>> ReadAsync(IBlobStore store, CancellationToken cancellation)
    {
        var datasets = new List<DatasetVersions>();
        foreach (var name in (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
            datasets.Add(await ReadAsync(store, name, cancellation));
        return datasets;
    }

    private static async Task<DatasetVersions> ReadAsync(IBlobStore store, string name, CancellationToken cancellation)
    {
        var all = new List<DatasetManifest>();
        foreach (var version in (await store.ListFoldersAsync(BlobLayout.Dataset(name), cancellation)).Where(PathSegment.Is))
            if (await store.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, version), DomainJson.Readable, cancellation) is { Value: var manifest })
                all.Add(manifest);
        var head = await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(name), DomainJson.Readable, cancellation);
        return new DatasetVersions(name, all.Find(manifest => manifest.Version == head?.Value.Version), all);
    }
}
