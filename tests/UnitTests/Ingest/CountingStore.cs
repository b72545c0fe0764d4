using System.Collections.Concurrent;
using VerSemi.Platform.Blobs;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A store over another that writes down what it was asked.</summary>
internal sealed class CountingStore(IBlobStore inner) : IBlobStore
{
    private ConcurrentQueue<(string Call, string Path)> _calls = [];

    public int Count => _calls.Count;

    public IReadOnlyList<string> Paths(string call) => [.. _calls.Where(made => made.Call == call).Select(made => made.Path)];

    /// <summary>The prefixes that were listed, in ordinal order.</summary>
    public IReadOnlyList<string> Listed => [.. Paths("list").Order(StringComparer.Ordinal)];

    public void Forget() => _calls = [];

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => Note("list", prefix).ListAsync(prefix, cancellation);
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => Note("folders", prefix).ListFoldersAsync(prefix, cancellation);
    public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => Note("find", path).FindAsync(path, cancellation);
    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => Note("read", path).OpenReadAsync(path, cancellation);
    public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) => Note("write", path).WriteAsync(path, content, condition, cancellation);
    public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => Note("write", to).CopyAsync(from, to, cancellation);
    public Task DeleteAsync(string path, CancellationToken cancellation = default) => Note("delete", path).DeleteAsync(path, cancellation);
    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => Note("read", path).LocalCopyAsync(path, cancellation);
    public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => Note("lease", name).TryLeaseAsync(name, cancellation);

    private IBlobStore Note(string call, string path)
    {
        _calls.Enqueue((call, path));
        return inner;
    }
}
