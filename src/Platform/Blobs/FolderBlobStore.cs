using System.Runtime.CompilerServices;
using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs;

/// <summary>
/// Blobs as files below a folder: the embedded store. A write goes to a temporary file beside the target, is flushed to
/// the disk and renamed. Conditions hold between threads and processes by a lock file per store.
/// </summary>
public sealed class FolderBlobStore : IBlobStore
{
    /// <summary>A write in which nothing moved for so long is that of a dead process.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>A write in which nothing moved for so long has no writer any more.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(10);

    private readonly string _root;
    private readonly string _hidden;

    public FolderBlobStore(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _hidden = Path.Combine(_root, BlobPath.Hidden);
        // What is deleted in there would lie elsewhere.
        if (LinkOn(_hidden) is { } link)
            throw new BlobLinkException(PathOf(link.FullName), link.LinkTarget!);
        PrivateFiles.CreateFolder(_hidden);
        foreach (var unfinished in new DirectoryInfo(_hidden).EnumerateFiles("*.part").Where(file => IsOlderThan(Abandoned, file)))
            unfinished.Delete();
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        var folder = FolderOf(prefix);
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
            if (IsLink(file) || file.Exists)
                yield return Entry(file);
            else if (FolderListing.IsUnreachable(file.Name))
                yield return new BlobEntry(PathOf(file.FullName), 0, default, "unreachable") { IsUnreachable = true };
        }
    }

    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default)
    {
        var folder = Unlinked(FolderOf(prefix));
        // Without its root the store is not empty but gone, and that is an error.
        IReadOnlyList<string> names = folder == _root || Directory.Exists(folder)
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
            // A pipe or a device has no length, and to open one may wait forever.
            if (new FileInfo(FileOf(path)) is { Exists: true, Length: 0 })
                return Task.FromResult(Stream.Null);
            return Task.FromResult<Stream>(new FileStream(FileOf(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: false));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || (e is UnauthorizedAccessException && Directory.Exists(FileOf(path))))
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
            await using (var stream = PrivateFiles.Open(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await content.CopyToAsync(stream, cancellation);
                stream.Flush(flushToDisk: true);
            }
            using (await FileLock.TakeAsync(Path.Combine(_hidden, "write.lock"), cancellation))
            {
                var present = new FileInfo(target);
                if ((condition.IfAbsent && present.Exists) || (condition.IfMatch is { } tag && (!present.Exists || Entry(present).ETag != tag)))
                    throw new BlobConflictException(path);
                cancellation.ThrowIfCancellationRequested();
                // Once more: the content may have taken its time, and a folder may be a link by now.
                Unlinked(target);
                PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
                File.Move(fresh, target, overwrite: true);
            }
            return Entry(new FileInfo(target));
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    public async Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default)
    {
        BlobPath.Checked(to);
        await using var content = await OpenReadAsync(from, cancellation);
        return await WriteAsync(to, content, cancellation: cancellation);
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

    /// <summary>There are no copies, but what killed processes left of their writes.</summary>
    public Task<int> PurgeLocalCopiesAsync(Func<string, bool> path, CancellationToken cancellation = default)
    {
        foreach (var part in new DirectoryInfo(_hidden).EnumerateFiles("*.part"))
            if (IsOlderThan(LongestWrite, part))
                part.Delete();
        return Task.FromResult(0);
    }

    public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => Task.FromResult<IBlobLease?>(
        FileLock.TryTake(Path.Combine(_hidden, $"{BlobPath.LeaseName(name)}.lease")) is { } taken ? new Lease(taken) : null);

    // By the clock that stamps files, whichever the service is given.
    private static bool IsOlderThan(TimeSpan age, FileInfo file) => TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > age;

    private string FileOf(string path) => Unlinked(Path.Combine(_root, BlobPath.Checked(path)));

    private string FolderOf(string prefix) => Path.Combine(_root, BlobPath.CheckedPrefix(prefix)).TrimEnd('/');

    private string Unlinked(string full) =>
        LinkOn(full) is { } link ? throw new BlobLinkException(PathOf(link.FullName), link.LinkTarget!) : full;

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

    private string PathOf(string file) => file[(_root.Length + 1)..];

    /// <summary>The attributes come with a listing, the target costs another call for each file.</summary>
    private static bool IsLink(FileInfo file) => (file.Attributes & FileAttributes.ReparsePoint) != 0 && file.LinkTarget is not null;

    private BlobEntry Entry(FileInfo file) => IsLink(file)
        ? new(PathOf(file.FullName), 0, file.LastWriteTimeUtc, $"link-{file.LinkTarget}") { LinkTarget = file.LinkTarget }
        : new(PathOf(file.FullName), file.Length, file.LastWriteTimeUtc, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");

    private sealed class Lease(FileStream taken) : IBlobLease
    {
        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync() => taken.DisposeAsync();
    }
}
