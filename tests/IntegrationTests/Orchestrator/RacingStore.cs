using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>When a manifest is opened for the first time, somebody else is quicker.</summary>
internal sealed class RacingStore(IBlobStore inner, Func<Task> other) : IBlobStore
{
    public bool Raced { get; private set; }

    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default)
    {
        if (!Raced && path.EndsWith("/manifest.json", StringComparison.Ordinal))
        {
            Raced = true;
            await other();
        }
        return await inner.OpenReadAsync(path, cancellation);
    }

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
    public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
    public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) => inner.WriteAsync(path, content, condition, cancellation);
    public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => inner.CopyAsync(from, to, cancellation);
    public Task DeleteAsync(string path, CancellationToken cancellation = default) => inner.DeleteAsync(path, cancellation);
    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => inner.LocalCopyAsync(path, cancellation);
    public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => inner.TryLeaseAsync(name, cancellation);
}
