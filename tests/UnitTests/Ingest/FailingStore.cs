using VerSemi.Platform.Blobs;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A store over another whose n-th write and all that follow fail, as those of a killed process or on a full disk.</summary>
internal sealed class FailingStore(IBlobStore inner, int firstFailure, Func<Exception> failure) : IBlobStore
{
    private int _writes;

    public int Writes => _writes;

    public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) =>
        Interlocked.Increment(ref _writes) >= firstFailure ? throw failure() : inner.WriteAsync(path, content, condition, cancellation);

    public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) =>
        Interlocked.Increment(ref _writes) >= firstFailure ? throw failure() : inner.CopyAsync(from, to, cancellation);

    public Task DeleteAsync(string path, CancellationToken cancellation = default) =>
        _writes >= firstFailure ? throw failure() : inner.DeleteAsync(path, cancellation);

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
    public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => inner.OpenReadAsync(path, cancellation);
    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => inner.LocalCopyAsync(path, cancellation);
    public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => inner.TryLeaseAsync(name, cancellation);
}
