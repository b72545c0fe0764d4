using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace VerSemi.Platform.Blobs;

/// <summary>
/// Blobs as files below a folder: the embedded store. A write goes to a temporary file beside the target, is flushed to
/// the disk and renamed. Conditions hold between threads and processes by a lock file per store.
/// </summary>
public sealed class FolderBlobStore : IBlobStore
{
    /// <summary>Holds locks, leases and unfinished writes; never listed.</summary>
    private const string Hidden = ".store";

    private readonly string _root;
    private readonly string _hidden;
    private readonly ConcurrentDictionary<string, byte> _held = new();

    public FolderBlobStore(string root)
    {
        _root = Path.GetFullPath(root);
        _hidden = Path.Combine(_root, Hidden);
        Directory.CreateDirectory(_hidden);
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        var folder = InsideOf(prefix.TrimEnd('/'));
        if (LinkOn(folder) is { } link)
        {
            yield return Entry(link);
            yield break;
        }
        if (!Directory.Exists(folder))
            yield break;
        foreach (var file in FolderListing.FilesAndLinks(folder, except: _hidden).OrderBy(file => PathOf(file.FullName), StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.LinkTarget is not null || file.Exists)
                yield return Entry(file);
        }
    }

    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default)
    {
        var folder = FileOf(prefix.TrimEnd('/'));
        IReadOnlyList<string> names = Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.FullName != _hidden).Select(d => d.Name).Order(StringComparer.Ordinal)]
            : [];
        return Task.FromResult(names);
    }

    public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default)
    {
        var file = new FileInfo(FileOf(path));
        return Task.FromResult(file.Exists ? Entry(file) : null);
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(FileOf(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: false));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobNotFoundException(path);
        }
    }

    public async Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default)
    {
        var target = FileOf(path);
        var fresh = Path.Combine(_hidden, $"{Guid.NewGuid():N}.part");
        try
        {
            await using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: false))
            {
                await content.CopyToAsync(stream, cancellation);
                stream.Flush(flushToDisk: true);
            }
            using (await LockAsync(cancellation))
            {
                var present = new FileInfo(target);
                if ((condition.IfAbsent && present.Exists) || (condition.IfMatch is { } tag && (!present.Exists || Entry(present).ETag != tag)))
                    throw new BlobConflictException(path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(fresh, target, overwrite: true);
            }
            return Entry(new FileInfo(target));
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancellation = default)
    {
        var file = FileOf(path);
        if (File.Exists(file))
            File.Delete(file);
        return Task.CompletedTask;
    }

    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default)
    {
        var file = FileOf(path);
        return File.Exists(file) ? Task.FromResult(file) : throw new BlobNotFoundException(path);
    }

    public Task<IAsyncDisposable?> TryLeaseAsync(string name, CancellationToken cancellation = default)
    {
        // The kernel drops the file lock with the process; within the process the dictionary keeps a second taker out.
        var file = Path.Combine(_hidden, $"{Uri.EscapeDataString(name)}.lease");
        if (!_held.TryAdd(name, 0))
            return Task.FromResult<IAsyncDisposable?>(null);
        try
        {
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Task.FromResult<IAsyncDisposable?>(new Lease(stream, () => _held.TryRemove(name, out _)));
        }
        catch (IOException e) when (!IsDiskFull(e))
        {
            _held.TryRemove(name, out _);
            return Task.FromResult<IAsyncDisposable?>(null);
        }
    }

    /// <summary>ENOSPC, or ERROR_DISK_FULL: not a lock that another holds, waiting would not end.</summary>
    private static bool IsDiskFull(IOException e) => e.HResult is 28 or unchecked((int)0x80070070);

    private string FileOf(string path)
    {
        var full = InsideOf(path);
        return LinkOn(full) is { } link ? throw new BlobLinkException(PathOf(link.FullName), link.LinkTarget!) : full;
    }

    /// <summary>The first link between the store's folder and this file, both ends included but the first.</summary>
    private FileInfo? LinkOn(string full)
    {
        for (var end = _root.Length; end >= 0 && end < full.Length;)
        {
            var next = full.IndexOf(Path.DirectorySeparatorChar, end + 1);
            var part = new FileInfo(next < 0 ? full : full[..next]);
            if (part.LinkTarget is not null)
                return part;
            end = next;
        }
        return null;
    }

    private string InsideOf(string path)
    {
        var full = Path.GetFullPath(Path.Combine(_root, path));
        if (path.StartsWith('/') || path.Contains('\\') || !(full + "/").StartsWith(_root + "/", StringComparison.Ordinal) || full.StartsWith(_hidden, StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' is not a path inside the blob store.", nameof(path));
        return full;
    }

    private string PathOf(string file) => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/');

    private BlobEntry Entry(FileInfo file) => file.LinkTarget is { } target
        ? new(PathOf(file.FullName), 0, file.LastWriteTimeUtc, $"link-{target}") { LinkTarget = target }
        : new(PathOf(file.FullName), file.Length, file.LastWriteTimeUtc, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_hidden, "write.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (!cancellation.IsCancellationRequested && !IsDiskFull(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), cancellation);
            }
        }
    }

    private sealed class Lease(FileStream stream, Action released) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            released();
        }
    }
}
