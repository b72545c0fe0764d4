using System.Runtime.CompilerServices;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VerSemi.Platform.Blobs.Cache;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>Blobs in a container of an Azure storage account (without hierarchical namespace), or of Azurite.</summary>
public sealed class AzureBlobStore : IBlobStore, IRangedBlobs
{
    private readonly BlobOptions _options;
    private readonly TimeProvider _clock;
    private readonly AzureContainer _container;
    private readonly LocalBlobCache _cache;

    public AzureBlobStore(BlobOptions options, TimeProvider? clock = null, ILogger<AzureBlobStore>? log = null)
    {
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _container = new AzureContainer(options, _clock);
        _cache = new LocalBlobCache(this, options, _clock, log ?? NullLogger<AzureBlobStore>.Instance);
    }

    string IRangedBlobs.Origin => _container.Address;

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var folder = BlobPath.CheckedPrefix(prefix);
        await using var blobs = _container.Client.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancellation).GetAsyncEnumerator(cancellation);
        while (await _container.CallAsync(folder, AzureRight.List, () => blobs.MoveNextAsync().AsTask(), cancellation))
            if (!BlobPath.IsHidden(blobs.Current.Name))
                yield return Entry(blobs.Current);
    }

    public async Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default)
    {
        var folder = BlobPath.CheckedPrefix(prefix);
        return await _container.CallAsync<IReadOnlyList<string>>(folder, AzureRight.List, async () =>
        {
            var names = new List<string>();
            await foreach (var item in _container.Client.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = folder }, cancellation))
                if (item.IsPrefix && !BlobPath.IsHidden(item.Prefix))
                    names.Add(item.Prefix[folder.Length..^1]);
            // The service sorts with the '/' behind the name.
            names.Sort(StringComparer.Ordinal);
            return names;
        }, cancellation);
    }

    public async Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default)
    {
        var blob = _container.Blob(BlobPath.Checked(path));
        try
        {
            var found = (await _container.CallAsync(path, AzureRight.Read, () => blob.GetPropertiesAsync(cancellationToken: cancellation), cancellation)).Value;
            return new BlobEntry(path, found.ContentLength, found.LastModified, AzureTags.Of(found.ETag));
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default)
    {
        var blob = _container.Blob(BlobPath.Checked(path));
        var opened = (await _container.CallAsync(path, AzureRight.Read, () => blob.DownloadStreamingAsync(cancellationToken: cancellation), cancellation)).Value;
        return new AzureReadStream(opened.Content, opened.Details.ContentLength, _container.Address, path);
    }

    async Task IRangedBlobs.ReadAsync(BlobEntry blob, long offset, Memory<byte> into, CancellationToken cancellation) =>
        await _container.CallAsync(blob.Path, AzureRight.Read, async () =>
        {
            var range = new BlobDownloadOptions
            {
                Range = new Azure.HttpRange(offset, into.Length),
                Conditions = new BlobRequestConditions { IfMatch = AzureTags.Of(blob.ETag) },
            };
            using var opened = (await _container.Blob(blob.Path).DownloadStreamingAsync(range, cancellation)).Value;
            await opened.Content.ReadExactlyAsync(into, cancellation);
            return true;
        }, cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// Of two unconditional writes at once that both take more than a block, the one that ends second fails with
    /// <see cref="BlobConflictException"/>.
    /// </remarks>
    public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) =>
        new BlockWrite(_container, _options, BlobPath.Checked(path), condition).WriteAsync(content, cancellation);

    public async Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default)
    {
        var copy = new BlockWrite(_container, _options, BlobPath.Checked(to), default);
        return await copy.CopyAsync(await FindAsync(from, cancellation) ?? throw new BlobNotFoundException(from), cancellation);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation = default)
    {
        var blob = _container.Blob(BlobPath.Checked(path));
        await _container.CallAsync(path, AzureRight.Delete,
            () => blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>A blob that is named by its content is not asked for again: its copy is good without the store, also after the blob was deleted.</remarks>
    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => _cache.GetAsync(BlobPath.Checked(path), cancellation);

    public Task<int> PurgeLocalCopiesAsync(Func<string, bool> path, CancellationToken cancellation = default) => _cache.PurgeAsync(path, cancellation);

    public async Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) =>
        await AzureLease.TryTakeAsync(_container, name, _options.Lease, _clock, cancellation);

    private static BlobEntry Entry(BlobItem item) =>
        new(item.Name, item.Properties.ContentLength ?? 0, item.Properties.LastModified ?? default, AzureTags.Of(item.Properties.ETag ?? default));
}
