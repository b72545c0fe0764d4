using System.Text;
using Microsoft.Extensions.Logging;
using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>Keeps the cache within its bound: space is taken before a download, from the copies that were not used for longest.</summary>
internal sealed class CacheSpace(CacheFolder folder, BlobOptions options, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Writes the copy's entry, which counts with all its bytes from now on.</summary>
    public async Task ReserveAsync(string key, string path, long bytes, CancellationToken cancellation)
    {
        if (bytes > options.CacheBytes)
            throw new InvalidOperationException($"Blob '{path}' has {bytes >> 20} MiB, more than Blobs:CacheMiB, {options.CacheMiB}, allows all local copies together. Raise it.");
        using var alone = await folder.LockSpaceAsync(cancellation);
        var entries = folder.Entries();
        Evict(entries.Where(entry => entry.Key != key).OrderBy(entry => entry.LastUse), entries.Where(entry => entry.Key != key).Sum(entry => entry.Bytes) + bytes);
        foreach (var old in entries.Where(entry => entry.Key == key && entry.Bytes != bytes))
            old.File.Delete();
        using (var entry = PrivateFiles.Open(folder.Entry(key, bytes), FileMode.Create, FileAccess.Write, FileShare.Read))
            entry.Write(Encoding.UTF8.GetBytes(path));
        Touch(key, bytes);
    }

    public void Touch(string key, long bytes) => File.SetLastWriteTimeUtc(folder.Entry(key, bytes), clock.GetUtcNow().UtcDateTime);

    private void Evict(IEnumerable<CacheEntry> oldestFirst, long total)
    {
        var abandoned = folder.PartsBefore(clock.GetUtcNow().UtcDateTime - Abandoned);
        foreach (var entry in oldestFirst)
            if ((total > options.CacheBytes || abandoned.Contains(entry.Key)) && TryEvict(entry))
                total -= entry.Bytes;
        if (total > options.CacheBytes)
            log.LogWarning("Local copies take {Total} MiB, more than Blobs:CacheMiB, {Bound}: all of them were asked for within {Pin}.", total >> 20, options.CacheMiB, options.CachePin);
    }

    /// <summary>Not what is being downloaded, nor what somebody may just have been handed.</summary>
    private bool TryEvict(CacheEntry entry)
    {
        using var alone = folder.TryLock(entry.Key);
        if (alone is null)
            return false;
        entry.File.Refresh();
        if (entry.File.Exists && clock.GetUtcNow().UtcDateTime - entry.File.LastWriteTimeUtc < options.CachePin)
            return false;
        if (entry.File.Exists)
            folder.Remove(entry);
        return true;
    }
}
