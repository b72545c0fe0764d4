using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Blobs;

public sealed class FolderLinkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderBlobStore _store;

    public FolderLinkTests()
    {
        _store = new FolderBlobStore(_folder["store"]);
        Directory.CreateDirectory(_folder["store/a"]);
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/secret"], "secret");
        File.WriteAllText(_folder["store/a/file"], "content");
        File.CreateSymbolicLink(_folder["store/a/link"], _folder["outside/secret"]);
        Directory.CreateSymbolicLink(_folder["store/a/out"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["store/a/round"], _folder["store/a"]);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Links_are_listed_as_themselves_and_not_followed()
    {
        var entries = await _store.ListAsync("a/", Stop).ToListAsync(Stop);
        Assert.Equal([("a/file", null), ("a/link", _folder["outside/secret"]), ("a/out", _folder["outside"]), ("a/round", _folder["store/a"])],
            entries.Select(entry => (entry.Path, entry.LinkTarget)));
        Assert.Equal("a/out", Assert.Single(await _store.ListAsync("a/out/", Stop).ToListAsync(Stop)).Path);
    }

    [Theory]
    [InlineData("a/link")]
    [InlineData("a/out/secret")]
    [InlineData("a/round/file")]
    public async Task Nothing_is_read_written_or_deleted_through_a_link(string path)
    {
        await Assert.ThrowsAsync<BlobLinkException>(() => _store.OpenReadAsync(path, Stop));
        await Assert.ThrowsAsync<BlobLinkException>(() => _store.LocalCopyAsync(path, Stop));
        await Assert.ThrowsAsync<BlobLinkException>(() => _store.WriteTextAsync(path, "new", cancellation: Stop));
        await Assert.ThrowsAsync<BlobLinkException>(() => _store.DeleteAsync(path, Stop));
        Assert.Equal(("secret", "content"), (File.ReadAllText(_folder["outside/secret"]), File.ReadAllText(_folder["store/a/file"])));
    }

    [Fact]
    public async Task The_store_itself_may_lie_behind_a_link()
    {
        Directory.CreateSymbolicLink(_folder["other"], _folder["store"]);
        Assert.Equal("a/file", (await new FolderBlobStore(_folder["other"]).FindAsync("a/file", Stop))!.Path);
    }
}
