using System.Collections.Concurrent;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>Manifests of dataset versions. A version never changes: what was read is kept, up to a bound.</summary>
internal sealed class Manifests(IBlobStore blobs)
{
    private const int Most = 64;
    private readonly ConcurrentDictionary<DatasetVersion, DatasetManifest> _known = [];

    /// <exception cref="UnknownNameException">There is no such version.</exception>
    public async Task<DatasetManifest> ReadAsync(string dataset, string version, CancellationToken cancellation)
    {
        var key = new DatasetVersion(dataset, version);
        if (_known.TryGetValue(key, out var known))
            return known;
        var (manifest, _) = await blobs.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, version), DomainJson.Readable, cancellation)
            ?? throw new UnknownNameException($"There is no version '{version}' of dataset '{dataset}'. GET {Api.Routes.DatasetVersions(dataset)} lists them.");
        if (_known.Count >= Most)
            _known.Clear();
        return _known[key] = manifest;
    }
}
