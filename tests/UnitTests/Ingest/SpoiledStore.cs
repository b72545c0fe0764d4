using System.Collections.Concurrent;
using VerSemi.Platform.Blobs;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A store over another that fails at the paths that a test names.</summary>
internal sealed class SpoiledStore
{
    /// <summary>By prefix of the listing.</summary>
    public ConcurrentDictionary<string, Exception> Listing { get; } = [];

    /// <summary>By path.</summary>
    public ConcurrentDictionary<string, Exception> Reading { get; } = [];

    /// <summary>By prefix of the path.</summary>
    public ConcurrentDictionary<string, Exception> Writing { get; } = [];
    public ConcurrentBag<string> Listings { get; } = [];

    public IBlobStore Around(IBlobStore inner) => new Store(inner, this);

    private sealed class Store(IBlobStore inner, SpoiledStore spoiled) : IBlobStore
    {
        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default)
        {
            spoiled.Listings.Add(prefix);
            return spoiled.Listing.TryGetValue(prefix, out var failure) ? throw failure : inner.ListAsync(prefix, cancellation);
        }

        public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => Failed<Stream>(spoiled.Reading, path) ?? inner.OpenReadAsync(path, cancellation);
        public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => Failed<string>(spoiled.Reading, path) ?? inner.LocalCopyAsync(path, cancellation);

        public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) =>
            spoiled.Writing.Where(one => path.StartsWith(one.Key, StringComparison.Ordinal)).Select(one => Task.FromException<BlobEntry>(one.Value)).FirstOrDefault()
            ?? inner.WriteAsync(path, content, condition, cancellation);

        public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
        public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
        public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => inner.CopyAsync(from, to, cancellation);
        public Task DeleteAsync(string path, CancellationToken cancellation = default) => inner.DeleteAsync(path, cancellation);
        public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => inner.TryLeaseAsync(name, cancellation);

        private static Task<T>? Failed<T>(ConcurrentDictionary<string, Exception> failures, string path) =>
            failures.TryGetValue(path, out var failure) ? Task.FromException<T>(failure) : null;
    }
}
