using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>What every blob store does, so that the services need not know which one they have.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private const int MiB = 1 << 20;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected TempFolder Folder { get; } = new();
    protected IBlobStore Store { get; private set; } = null!;

    /// <summary>Another store on the same blobs, as another process has it.</summary>
    protected abstract Task<IBlobStore> OpenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(MiB - 1)]
    [InlineData(MiB)]
    [InlineData((5 * MiB) + 17)]
    [InlineData(40 * MiB)]
    public async Task What_is_written_is_read_back(int bytes)
    {
        var content = Contents.Random(bytes);
        var written = await Store.WriteBytesAsync("a/blob", content, Stop);
        Assert.Equal(("a/blob", bytes), (written.Path, written.Bytes));
        Assert.Equal(content, await Store.ReadAsync("a/blob", Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_537)]
    public async Task A_stream_that_comes_in_pieces_and_cannot_seek_is_written_whole(int piece)
    {
        var content = Contents.Random((2 * MiB) + 3);
        await Store.WriteAsync("blob", new PiecewiseStream(content, piece), cancellation: Stop);
        Assert.Equal(content, await Store.ReadAsync("blob", Stop));
    }

    [Fact]
    public async Task Writing_finding_and_listing_agree_about_a_blob()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        var written = await Store.WriteTextAsync("a/blob", "text", cancellation: Stop);
        Assert.InRange(written.Modified, before, DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.Equal(written, await Store.FindAsync("a/blob", Stop));
        Assert.Equal(written, Assert.Single(await Store.ListAsync("a/", Stop).ToListAsync(Stop)));
    }

    [Fact]
    public async Task Every_write_gives_another_ETag()
    {
        var tags = new HashSet<string>();
        for (var i = 0; i < 5; i++)
            tags.Add((await Store.WriteTextAsync("blob", "the same", cancellation: Stop)).ETag);
        Assert.Equal(5, tags.Count);
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_null_or_an_error_that_names_it()
    {
        await Store.WriteTextAsync("folder/blob", "text", cancellation: Stop);
        foreach (var path in new[] { "none", "folder", "folder/none", "none/blob" })
        {
            Assert.Null(await Store.FindAsync(path, Stop));
            Assert.Equal(path, (await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.OpenReadAsync(path, Stop))).Path);
            Assert.Equal(path, (await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.LocalCopyAsync(path, Stop))).Path);
            Assert.Equal(path, (await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.CopyAsync(path, "copy", Stop))).Path);
            await Store.DeleteAsync(path, Stop);
        }
        Assert.Null(await Store.FindAsync("copy", Stop));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_its_neighbour_is_not()
    {
        await Store.WriteTextAsync("a/1", "one", cancellation: Stop);
        await Store.WriteTextAsync("a/2", "two", cancellation: Stop);
        await Store.DeleteAsync("a/1", Stop);
        Assert.Null(await Store.FindAsync("a/1", Stop));
        Assert.Equal(["a/2"], await PathsAsync("a/"));
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order_of_the_whole_path()
    {
        string[] paths = ["a", "a-b/1", "a.b", "a/1", "a/10", "a/2", "a/B", "a/_", "a/a", "a0", "A/1", "Z", "z/ü", "z/é", "z/z"];
        foreach (var path in paths.Where(path => path != "a").Reverse())
            await Store.WriteTextAsync(path, path, cancellation: Stop);
        Assert.Equal(paths.Where(path => path != "a").Order(StringComparer.Ordinal), await PathsAsync(""));
    }

    [Fact]
    public async Task A_prefix_is_a_folder_with_or_without_the_slash()
    {
        foreach (var path in new[] { "a/b/1", "a/b/c/2", "a/bc/3", "a/b.txt" })
            await Store.WriteTextAsync(path, path, cancellation: Stop);
        Assert.Equal(["a/b/1", "a/b/c/2"], await PathsAsync("a/b/"));
        Assert.Equal(["a/b/1", "a/b/c/2"], await PathsAsync("a/b"));
        Assert.Empty(await PathsAsync("a/b/1"));
        Assert.Empty(await PathsAsync("none/"));
    }

    [Fact]
    public async Task Folders_directly_below_are_listed_by_name_in_ordinal_order()
    {
        foreach (var path in new[] { "a/x/1", "a/x-y/1", "a/x.y/1", "a/X/1/2/3", "a/blob", "b/1" })
            await Store.WriteTextAsync(path, path, cancellation: Stop);
        Assert.Equal(["X", "x", "x-y", "x.y"], await Store.ListFoldersAsync("a/", Stop));
        Assert.Equal(["X", "x", "x-y", "x.y"], await Store.ListFoldersAsync("a", Stop));
        Assert.Equal(["a", "b"], await Store.ListFoldersAsync("", Stop));
        Assert.Empty(await Store.ListFoldersAsync("a/x/", Stop));
        Assert.Empty(await Store.ListFoldersAsync("none/", Stop));
    }

    [Theory]
    [InlineData("with space/and (brackets)")]
    [InlineData("percent%20/100%")]
    [InlineData("query?/a=b&c#d")]
    [InlineData("plus+/semi;colon:")]
    [InlineData("ünïcödé/脑.nii.gz")]
    [InlineData(".hidden/.blob")]
    [InlineData(".store2/x")]
    [InlineData("two..dots/..x")]
    public async Task Odd_names_stay_as_they_are(string path)
    {
        await Store.WriteTextAsync(path, path, cancellation: Stop);
        Assert.Equal([path], await PathsAsync(""));
        Assert.Equal(path, (await Store.FindAsync(path, Stop))!.Path);
        Assert.Equal(path, await Store.ReadTextAsync(path, Stop));
        Assert.Equal([path.Split('/')[0]], await Store.ListFoldersAsync("", Stop));
        Assert.Equal(path, await File.ReadAllTextAsync(await Store.LocalCopyAsync(path, Stop), Stop));
        await Store.CopyAsync(path, "copy/" + path, Stop);
        Assert.Equal(path, await Store.ReadTextAsync("copy/" + path, Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData(".store/write.lock")]
    [InlineData(".store")]
    public async Task What_is_no_path_in_the_store_is_refused(string path)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteTextAsync(path, "text", cancellation: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(path, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(path, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(path, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.LocalCopyAsync(path, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CopyAsync(path, "b", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CopyAsync("b", path, Stop));
        if (path is not ("" or "a/"))
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Store.ListFoldersAsync(path, Stop));
            await Assert.ThrowsAsync<ArgumentException>(() => PathsAsync(path));
        }
    }

    [Fact]
    public async Task A_copy_is_a_blob_of_its_own_and_replaces_what_was_there()
    {
        await Store.WriteTextAsync("from", "new", cancellation: Stop);
        await Store.WriteTextAsync("to/blob", "something older", cancellation: Stop);
        var copy = await Store.CopyAsync("from", "to/blob", Stop);
        Assert.Equal(copy, await Store.FindAsync("to/blob", Stop));
        await Store.DeleteAsync("from", Stop);
        Assert.Equal("new", await Store.ReadTextAsync("to/blob", Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((17 * MiB) + 5)]
    public async Task A_copy_holds_all_of_it(int bytes)
    {
        var content = Contents.Random(bytes);
        await Store.WriteBytesAsync("from", content, Stop);
        Assert.Equal(bytes, (await Store.CopyAsync("from", "to", Stop)).Bytes);
        Assert.Equal(content, await Store.ReadAsync("to", Stop));
    }

    [Fact]
    public async Task A_local_copy_is_the_content_under_a_name_that_ends_like_the_blobs()
    {
        var content = Contents.Random((3 * MiB) + 1);
        foreach (var (path, end) in new[] { ("a/image.nii.gz", ".nii.gz"), ("a/weights.safetensors", ".safetensors"), ("a/plain", "") })
        {
            await Store.WriteBytesAsync(path, content, Stop);
            var file = await Store.LocalCopyAsync(path, Stop);
            Assert.EndsWith(end, file, StringComparison.Ordinal);
            Assert.Equal(content, await File.ReadAllBytesAsync(file, Stop));
        }
    }

    [Fact]
    public async Task A_local_copy_is_that_of_the_blob_as_it_is_now()
    {
        foreach (var text in new[] { "one", "two" })
        {
            await Store.WriteTextAsync("blob.txt", text, cancellation: Stop);
            Assert.Equal(text, await File.ReadAllTextAsync(await Store.LocalCopyAsync("blob.txt", Stop), Stop));
        }
        await Store.DeleteAsync("blob.txt", Stop);
        await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.LocalCopyAsync("blob.txt", Stop));
    }

    private sealed record Counted(int One);

    [Fact]
    public async Task Json_that_is_not_there_is_null_and_comes_with_the_ETag_otherwise()
    {
        var options = System.Text.Json.JsonSerializerOptions.Web;
        Assert.Null(await Store.TryReadJsonAsync<Counted>("a.json", options, Stop));
        var written = await Store.WriteJsonAsync("a.json", new Counted(1), options, cancellation: Stop);
        var read = await Store.TryReadJsonAsync<Counted>("a.json", options, Stop);
        Assert.Equal((1, written.ETag), (read!.Value.Value.One, read.Value.ETag));
    }

    [Fact]
    public async Task A_lease_keeps_others_out_until_it_is_given_back()
    {
        var other = await OpenAsync();
        var lease = await Store.TryLeaseAsync("ingest/a drop", Stop);
        Assert.NotNull(lease);
        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.Null(await Store.TryLeaseAsync("ingest/a drop", Stop));
        Assert.Null(await other.TryLeaseAsync("ingest/a drop", Stop));
        await lease.DisposeAsync();
        await lease.DisposeAsync();
        await using var next = await other.TryLeaseAsync("ingest/a drop", Stop);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Leases_of_other_names_do_not_matter_and_none_is_listed()
    {
        await using var one = await Store.TryLeaseAsync("a", Stop);
        await using var two = await Store.TryLeaseAsync("a/b", Stop);
        await using var three = await Store.TryLeaseAsync("../a", Stop);
        Assert.All(new[] { one, two, three }, Assert.NotNull);
        Assert.Empty(await PathsAsync(""));
        Assert.Empty(await Store.ListFoldersAsync("", Stop));
    }

    [Fact]
    public async Task Of_many_takers_of_a_lease_at_once_one_gets_it()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));
        var leases = await Task.WhenAll(stores.Select(store => store.TryLeaseAsync("one", Stop)));
        await using var taken = Assert.Single(leases, lease => lease is not null);
    }

    protected async Task<List<string>> PathsAsync(string prefix) =>
        await Store.ListAsync(prefix, Stop).Select(entry => entry.Path).ToListAsync(Stop);
}
