using System.Globalization;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Commit;

/// <summary>
/// The control files of a dataset: commits, head and manifests. The commits are the truth; a head or a manifest that is missing, damaged,
/// older or another's is written again from them, and a damaged newest commit from the two.
/// </summary>
internal sealed class DatasetFiles(IBlobStore store, ILogger<DatasetFiles> log)
{
    /// <summary>The newest commit, with head and manifest as it says; null where nothing was committed.</summary>
    /// <exception cref="DamagedBlobException">The newest commit is damaged, and so is what it could be written again from.</exception>
    public async Task<DatasetCommit?> NewestAsync(string dataset, CancellationToken cancellation)
    {
        if (await NewestGenerationAsync(dataset, cancellation) is not { } generation)
            return null;
        var commit = await CommitAsync(dataset, generation, cancellation);
        await PointAsync(commit.Head, cancellation);
        await RestoreManifestAsync(commit, cancellation);
        return commit;
    }

    /// <summary>Head and manifest of every commit.</summary>
    public async Task RestoreAsync(string dataset, CancellationToken cancellation)
    {
        if (await NewestAsync(dataset, cancellation) is not { } newest)
            return;
        for (var generation = newest.Head.Generation - 1; generation >= 1; generation--)
            await RestoreManifestAsync(await CommitAsync(dataset, generation, cancellation), cancellation);
    }

    /// <summary>Writes head.json, unless it says so already or says of a newer commit.</summary>
    public async Task PointAsync(DatasetHead head, CancellationToken cancellation)
    {
        var path = BlobLayout.DatasetHead(head.Dataset);
        while (true)
        {
            var there = await store.InspectJsonAsync<DatasetHead>(path, DomainJson.Readable, cancellation);
            if (there.Value is { } other && (other == head || other.Generation > head.Generation))
                return;
            if (there.Damage is not null)
                log.LogWarning("{Path} is written again from the dataset's commits: {Wrong}", path, there.Damage.Message);
            try
            {
                await store.WriteJsonAsync(path, head, DomainJson.Readable, there.Replaces, cancellation);
                return;
            }
            catch (BlobConflictException)
            {
                // Another writer came first: compare again.
            }
        }
    }

    private async Task<int?> NewestGenerationAsync(string dataset, CancellationToken cancellation)
    {
        int? newest = null;
        var folder = BlobLayout.DatasetCommits(dataset);
        await foreach (var blob in store.ListAsync(folder, cancellation))
            if (int.TryParse(blob.Path[folder.Length..].Replace(".json", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
                newest = generation;
        return newest;
    }

    private async Task<DatasetCommit> CommitAsync(string dataset, int generation, CancellationToken cancellation)
    {
        var path = BlobLayout.DatasetCommit(dataset, generation);
        var (commit, _, damage) = await store.InspectJsonAsync<DatasetCommit>(path, DomainJson.Readable, cancellation);
        if (commit is not null)
            return commit;
        damage ??= new DamagedBlobException(path, "it is missing");
        var head = (await store.InspectJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation)).Value;
        if (head?.Generation != generation || await ManifestAsync(dataset, head.Version, cancellation) is not { } manifest)
            throw damage;
        log.LogWarning("{Path} is written again from head and manifest: {Wrong}", path, damage.Message);
        commit = new DatasetCommit(head, manifest);
        await store.WriteJsonAsync(path, commit, DomainJson.Readable, cancellation: cancellation);
        return commit;
    }

    private async Task RestoreManifestAsync(DatasetCommit commit, CancellationToken cancellation)
    {
        var (dataset, version) = (commit.Head.Dataset, commit.Head.Version);
        if (await ManifestAsync(dataset, version, cancellation) is not null)
            return;
        log.LogWarning("{Path} is written again from commit {Generation}: it is missing or damaged", BlobLayout.DatasetManifest(dataset, version), commit.Head.Generation);
        await store.WriteJsonAsync(BlobLayout.DatasetManifest(dataset, version), commit.Manifest, DomainJson.Readable, cancellation: cancellation);
    }

    /// <summary>Null where it is missing, damaged, or not the content that its version is the hash of.</summary>
    private async Task<DatasetManifest?> ManifestAsync(string dataset, string version, CancellationToken cancellation) =>
        (await store.InspectJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, version), DomainJson.Readable, cancellation)).Value is { } manifest && manifest.Version == version
            ? manifest
            : null;
}
