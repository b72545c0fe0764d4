using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.Blobs;

public sealed class StoreCopyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_blob_is_copied_and_what_was_written_after_a_pass_has_listed_the_store_comes_with_the_next()
    {
        var (from, to) = (new FolderBlobStore(_folder["from"]), new FolderBlobStore(_folder["to"]));
        await from.WriteTextAsync("pointer", "names a", cancellation: Cancellation);
        await from.WriteTextAsync("data/a", "aaa", cancellation: Cancellation);
        var writing = new Writing(to, () => from.WriteTextAsync("data/b", "bb", cancellation: Cancellation));

        var copied = await StoreCopy.RunAsync(from, writing, 2, path => path == "pointer" ? 0 : 1, Cancellation);

        Assert.Equal((3, 12, 0), (copied.Blobs, copied.Bytes, copied.Skipped.Count));
        Assert.Equal(["data/a", "data/b", "pointer"], await PathsAsync(to));
    }

    [Fact]
    public async Task Links_are_named_and_not_followed()
    {
        var from = new FolderBlobStore(_folder["from"]);
        File.CreateSymbolicLink(Path.Combine(_folder["from"], "link"), "/etc/hostname");

        var copied = await StoreCopy.RunAsync(from, new FolderBlobStore(_folder["to"]), 1, _ => 0, Cancellation);

        Assert.Equal((0, "link"), (copied.Blobs, Assert.Single(copied.Skipped)));
    }

    private static async Task<List<string>> PathsAsync(FolderBlobStore store)
    {
        var paths = new List<string>();
        await foreach (var blob in store.ListAsync("", Cancellation))
            paths.Add(blob.Path);
        return paths;
    }

    /// <summary>A store during whose first write another writer works on the source.</summary>
    private sealed class Writing(FolderBlobStore store, Func<Task> other) : IBlobStore
    {
        private Func<Task>? _other = other;

        public async Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default)
        {
            if (Interlocked.Exchange(ref _other, null) is { } write)
                await write();
            return await store.WriteAsync(path, content, condition, cancellation);
        }

        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => store.ListAsync(prefix, cancellation);
        public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => store.ListFoldersAsync(prefix, cancellation);
        public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => store.FindAsync(path, cancellation);
        public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => store.OpenReadAsync(path, cancellation);
        public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => store.CopyAsync(from, to, cancellation);
        public Task DeleteAsync(string path, CancellationToken cancellation = default) => store.DeleteAsync(path, cancellation);
        public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => store.LocalCopyAsync(path, cancellation);
        public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => store.TryLeaseAsync(name, cancellation);
    }
}
