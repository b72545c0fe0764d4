using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Blobs;

/// <summary>Nothing is written or deleted outside of what was meant.</summary>
public sealed class FolderSafetyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderBlobStore _store;

    public FolderSafetyTests() => _store = new FolderBlobStore(_folder["store"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("incoming")]
    [InlineData("incoming/")]
    public async Task A_whole_area_is_never_deleted_at_once(string prefix)
    {
        await _store.WriteTextAsync("incoming/a/1", "one", cancellation: Stop);
        await Assert.ThrowsAsync<ArgumentException>(() => _store.DeleteBelowAsync(prefix, ["incoming/a/1"], Stop));
        Assert.NotNull(await _store.FindAsync("incoming/a/1", Stop));
    }

    [Theory]
    [InlineData("incoming/b/1")]
    [InlineData("incoming/ab/1")]
    [InlineData("incoming/a/../b/1")]
    public async Task Of_paths_that_do_not_all_lie_below_the_prefix_none_is_deleted(string other)
    {
        foreach (var path in new[] { "incoming/a/1", "incoming/b/1", "incoming/ab/1" })
            await _store.WriteTextAsync(path, path, cancellation: Stop);
        await Assert.ThrowsAsync<ArgumentException>(() => _store.DeleteBelowAsync("incoming/a/", [other, "incoming/a/1"], Stop));
        Assert.Equal(3, await _store.ListAsync("incoming/", Stop).CountAsync(Stop));
        await _store.DeleteBelowAsync("incoming/a/", ["incoming/a/1"], Stop);
        Assert.Equal(2, await _store.ListAsync("incoming/", Stop).CountAsync(Stop));
    }

    [Fact]
    public void A_link_in_the_place_of_the_stores_own_folder_is_refused_and_what_it_names_stays()
    {
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/old.part"], "");
        File.SetLastWriteTimeUtc(_folder["outside/old.part"], DateTime.UtcNow.AddDays(-9));
        Directory.CreateDirectory(_folder["other"]);
        Directory.CreateSymbolicLink(_folder["other/.store"], _folder["outside"]);
        Assert.Throws<BlobLinkException>(() => new FolderBlobStore(_folder["other"]));
        Assert.True(File.Exists(_folder["outside/old.part"]));
    }

    [Fact]
    public async Task A_folder_that_becomes_a_link_while_a_blob_comes_in_is_not_followed()
    {
        Directory.CreateDirectory(_folder["outside"]);
        Directory.CreateDirectory(_folder["store/incoming/d"]);
        var content = new ActingStream(() =>
        {
            Directory.Delete(_folder["store/incoming/d"]);
            Directory.CreateSymbolicLink(_folder["store/incoming/d"], _folder["outside"]);
        });
        await Assert.ThrowsAsync<BlobLinkException>(() => _store.WriteAsync("incoming/d/file", content, cancellation: Stop));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["outside"]));
    }

    [Fact]
    public async Task A_lease_of_any_length_can_be_taken()
    {
        var name = $"ingest/{new string('腹', 85)}";
        await using var lease = await _store.TryLeaseAsync(name, Stop);
        Assert.NotNull(lease);
        Assert.Null(await _store.TryLeaseAsync(name, Stop));
        await using var other = await _store.TryLeaseAsync(name + "2", Stop);
        Assert.NotNull(other);
    }

    /// <summary>Empty, after it did something.</summary>
    private sealed class ActingStream(Action act) : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            act();
            return Task.CompletedTask;
        }
    }
}
