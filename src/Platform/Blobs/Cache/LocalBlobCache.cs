using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>
/// Copies of remote blobs as files of this machine, each version of a blob once, for all processes that share the
/// folder. What a process leaves when it is killed is gone on with by the next.
/// </summary>
internal sealed class LocalBlobCache(IRangedBlobs blobs, BlobOptions options, TimeProvider clock, ILogger log)
{
    private const int Tries = 3;

    private readonly Lazy<CacheFolder> _folder = new(() => new CacheFolder(options.CacheFolder));
    private readonly RangedDownload _download = new(blobs, options);

    private CacheFolder Folder => _folder.Value;
    private CacheSpace Space => new(Folder, options, clock, log);

    public async Task<string> GetAsync(string path, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ContentName.Of(path) is { } hash
                    ? await ByContentAsync(path, hash, cancellation)
                    : await ByVersionAsync(path, cancellation);
            }
            catch (BlobConflictException) when (attempt < Tries)
            {
                // Not its name: of a file that people dropped it may be a person's.
                log.LogInformation("A blob below '{Folder}' was changed while it was copied: once more.", string.Join('/', path.Split('/').Take(2)));
            }
            catch (BlobConflictException)
            {
                throw new IOException($"Blob '{path}' was changed {Tries} times while it was copied. Try again when its writer is done.");
            }
        }
    }

    /// <summary>Removes the copies, whole or not, of the blobs that the rule names; waits for downloads of them.</summary>
    public async Task<int> PurgeAsync(Func<string, bool> path, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var entry in Folder.Entries())
        {
            using var alone = await Folder.LockAsync(entry.Key, cancellation);
            if (!File.Exists(entry.File.FullName) || !path(entry.Path))
                continue;
            Folder.Remove(entry);
            removed++;
        }
        return removed;
    }

    private async Task<string> ByVersionAsync(string path, CancellationToken cancellation)
    {
        var blob = await FindAsync(path, cancellation);
        var key = CacheFolder.Key(blobs.Origin, path, blob.ETag);
        using var alone = await Folder.LockAsync(key, cancellation);
        if (Held(key, path) is { } held)
            return held;
        await FetchAsync(key, blob, null, cancellation);
        return Finish(key, path);
    }

    private async Task<string> ByContentAsync(string path, string hash, CancellationToken cancellation)
    {
        var key = CacheFolder.Key(blobs.Origin, path, "");
        using var alone = await Folder.LockAsync(key, cancellation);
        if (Held(key, path) is { } held)
            return held;
        var found = "";
        // A second time for what an earlier download left, or the way here, damaged.
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await FetchAsync(key, await FindAsync(path, cancellation), content, cancellation);
            found = Convert.ToHexStringLower(content.GetCurrentHash());
            if (found == hash)
                return Finish(key, path);
            File.Delete(Folder.Part(key));
        }
        throw new DamagedBlobException(path, hash, found);
    }

    /// <summary>The copy, if it is there with as many bytes as its entry says.</summary>
    private string? Held(string key, string path)
    {
        var data = new FileInfo(Folder.Data(key, path));
        if (!data.Exists || !File.Exists(Folder.Entry(key, data.Length)))
            return null;
        Space.Touch(key, data.Length);
        return data.FullName;
    }

    private async Task FetchAsync(string key, BlobEntry blob, IncrementalHash? hash, CancellationToken cancellation)
    {
        await Space.ReserveAsync(key, blob.Path, blob.Bytes, cancellation);
        await _download.ContinueAsync(blob, Folder.Part(key), hash, cancellation);
    }

    private string Finish(string key, string path)
    {
        var (part, data) = (Folder.Part(key), Folder.Data(key, path));
        File.Move(part, data, overwrite: true);
        Space.Touch(key, new FileInfo(data).Length);
        return data;
    }

    private async Task<BlobEntry> FindAsync(string path, CancellationToken cancellation) =>
        await blobs.FindAsync(path, cancellation) ?? throw new BlobNotFoundException(path);
}
