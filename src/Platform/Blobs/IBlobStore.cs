namespace VerSemi.Platform.Blobs;

/// <summary>
/// The blob store, as small as the product needs it. Paths use '/' and have no leading slash. A blob appears whole or
/// not at all: a reader never sees half of a write. Links of a file system are listed, never followed. Errors:
/// <see cref="BlobNotFoundException"/>, <see cref="BlobLinkException"/>, <see cref="BlobConflictException"/>,
/// <see cref="ArgumentException"/> for what is no path, <see cref="UnauthorizedAccessException"/> for a missing right,
/// <see cref="IOException"/> for what a retry may mend.
/// </summary>
public interface IBlobStore
{
    /// <summary>Every blob below the prefix, in ordinal order of the paths.</summary>
    IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>
    /// Names of the "folders" directly below the prefix, without slashes, in ordinal order: one delimiter listing. A
    /// folder without a blob exists in a file system only.
    /// </summary>
    Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Null where there is no such blob.</summary>
    Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default);

    Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Writes the blob as one atomic step once <paramref name="content"/> was read to its end.</summary>
    Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default);

    /// <summary>A write of what another blob holds, which a remote store does by itself: no byte passes through this process.</summary>
    Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default);

    /// <summary>No error where there is no such blob.</summary>
    Task DeleteAsync(string path, CancellationToken cancellation = default);

    /// <summary>
    /// A file on this machine with the blob's content, for readers that want a path; its name ends like the blob's.
    /// Read-only: it may be the store's own file. Open it soon: a copy may be removed after some minutes.
    /// </summary>
    Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Removes this machine's copies of the blobs that the rule names, for data that must not stay (a patient withdrew).
    /// Delete the blobs first. A store without copies has nothing to remove.
    /// </summary>
    /// <returns>How many there were.</returns>
    Task<int> PurgeLocalCopiesAsync(Func<string, bool> path, CancellationToken cancellation = default) => Task.FromResult(0);

    /// <summary>
    /// An exclusive lease by name, which ends by itself when it is not renewed (the store renews while it is held) or
    /// its process dies. Null where another holds it.
    /// </summary>
    Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default);
}

/// <summary>Disposing gives the lease back.</summary>
public interface IBlobLease : IAsyncDisposable
{
    /// <summary>Cancelled when another may have the lease: it could not be renewed in time. Never, where only the process's end can end it.</summary>
    CancellationToken Lost { get; }
}

/// <param name="ETag">Changes with every write.</param>
public sealed record BlobEntry(string Path, long Bytes, DateTimeOffset Modified, string ETag)
{
    /// <summary>Where the blob is a link to a file or folder: what it names. It cannot be opened.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The name is not UTF-8, so that no path leads to it. It cannot be opened or deleted by the store.</summary>
    public bool IsUnreachable { get; init; }
}

/// <summary>When a write may happen. The default: always.</summary>
/// <param name="IfMatch">Only over the blob with this ETag.</param>
/// <param name="IfAbsent">Only where there is no blob yet.</param>
public readonly record struct WriteCondition(string? IfMatch = null, bool IfAbsent = false);

public sealed class BlobNotFoundException(string path) : IOException($"There is no blob '{path}'.")
{
    public string Path => path;
}

/// <summary>The path leads through a link, perhaps out of the store: it is not followed.</summary>
public sealed class BlobLinkException(string path, string target)
    : IOException($"'{path}' is a link to '{target}'. The blob store follows no links: put the file itself in its place.")
{
    public string Path => path;
}

/// <summary>A conditional write met another state than it expected. Read again, decide again.</summary>
public sealed class BlobConflictException(string path) : Exception($"Blob '{path}' was changed by another writer. Read it again and decide again.")
{
    public string Path => path;
}
