using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.IntegrationTests.Orchestrator;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>The local copies of remote blobs: each fetched once, never broken, never more than allowed.</summary>
public sealed class LocalCopyTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const int MiB = 1 << 20;

    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _time = new();
    private AzuriteServer _server = null!;
    private BreakingProxy _proxy = null!;
    private BlobOptions _options = null!;
    private AzureBlobStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await azurite.ServerAsync();
        _proxy = new BreakingProxy(_server.BlobPort);
        _options = SharedAzurite.Options(_server.ConnectionStringTo(_proxy.Port), _folder["cache"]);
        _options.CacheMiB = 10;
        _store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_same_version_is_fetched_once()
    {
        await _store.WriteBytesAsync("a.bin", Contents.Random(4 * MiB), Stop);
        var first = await _store.LocalCopyAsync("a.bin", Stop);
        var before = _proxy.Answered;
        Assert.Equal(first, await _store.LocalCopyAsync("a.bin", Stop));
        Assert.Equal(first, await Open().LocalCopyAsync("a.bin", Stop));
        Assert.InRange(_proxy.Answered - before, 1, 10_000);
    }

    [Fact]
    public async Task Of_several_processes_at_once_one_fetches_for_all()
    {
        var content = Contents.Random(8 * MiB);
        await _store.WriteBytesAsync("a.bin", content, Stop);
        var before = _proxy.Answered;
        var files = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Open().LocalCopyAsync("a.bin", Stop), Stop)));
        Assert.Equal(content, await File.ReadAllBytesAsync(Assert.Single(files.Distinct()), Stop));
        Assert.InRange(_proxy.Answered - before, 8 * MiB, 9 * MiB);
    }

    [Fact]
    public async Task The_next_process_goes_on_where_a_broken_download_ended()
    {
        _options.ParallelTransfers = 1;
        var content = Contents.Random(8 * MiB);
        await Open().WriteBytesAsync("a.bin", content, Stop);
        _proxy.BreakAfter(5 * MiB + 100_000, AtEnd.BreakAndRefuse);
        await Assert.ThrowsAnyAsync<IOException>(() => Open().LocalCopyAsync("a.bin", Stop));
        Assert.Equal(5 * MiB, new FileInfo(Assert.Single(Files("parts"))).Length);
        Assert.Empty(Files("data"));

        _proxy.Allow();
        var before = _proxy.Answered;
        Assert.Equal(content, await File.ReadAllBytesAsync(await Open().LocalCopyAsync("a.bin", Stop), Stop));
        Assert.InRange(_proxy.Answered - before, 3 * MiB, (3 * MiB) + 100_000);
        Assert.Empty(Files("parts"));
    }

    [Fact]
    public async Task Within_the_bound_what_was_not_used_for_longest_goes_first()
    {
        await WriteAsync("1", "2", "3", "4");
        foreach (var path in new[] { "1", "2", "3", "1", "4" })
            await CopyLaterAsync(path);
        Assert.Equal(["1", "3", "4"], Held());
        await CopyLaterAsync("2");
        Assert.Equal(["1", "2", "4"], Held());
    }

    [Fact]
    public async Task Whatever_is_asked_for_the_bound_holds_after_each_copy()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"{i}").ToArray();
        await WriteAsync(names);
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            await CopyLaterAsync(names[random.Next(names.Length)]);
            Assert.InRange(Files("data").Concat(Files("parts")).Sum(file => new FileInfo(file).Length), 3 * MiB, 10 * MiB);
        }
    }

    [Fact]
    public async Task What_was_handed_out_just_now_stays_even_where_the_bound_is_passed()
    {
        await WriteAsync("1", "2", "3", "4");
        var files = new List<string>();
        foreach (var path in new[] { "1", "2", "3", "4" })
            files.Add(await _store.LocalCopyAsync(path, Stop));
        Assert.All(files, file => Assert.True(File.Exists(file)));
        _time.Advance(_options.CachePin * 2);
        await _store.WriteBytesAsync("5", Contents.Random(3 * MiB), Stop);
        await _store.LocalCopyAsync("5", Stop);
        Assert.Equal(["3", "4", "5"], Held());
    }

    [Fact]
    public async Task A_blob_that_can_never_fit_is_refused_with_the_setting_to_change()
    {
        await _store.WriteBytesAsync("big", Contents.Random(11 * MiB), Stop);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _store.LocalCopyAsync("big", Stop));
        Assert.Contains("Blobs:CacheMiB, 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_nobody_went_on_with_is_removed_in_time()
    {
        _options.ParallelTransfers = 1;
        await WriteAsync("1", "2");
        _proxy.BreakAfter(2 * MiB, AtEnd.BreakAndRefuse);
        await Assert.ThrowsAnyAsync<IOException>(() => Open().LocalCopyAsync("1", Stop));
        _proxy.Allow();
        Assert.Single(Files("parts"));
        _time.Advance(TimeSpan.FromDays(2));
        await _store.LocalCopyAsync("2", Stop);
        Assert.Empty(Files("parts"));
        Assert.Equal(["2"], Held());
    }

    [Fact]
    public async Task A_blob_named_by_its_content_is_good_without_the_store()
    {
        var (path, content) = await WriteVoxelsAsync(3 * MiB, seed: 1);
        var file = await _store.LocalCopyAsync(path, Stop);
        Assert.EndsWith(".nii.gz", file, StringComparison.Ordinal);
        _proxy.Refuse();
        Assert.Equal(file, await Open().LocalCopyAsync(path, Stop));
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Stop));
    }

    [Fact]
    public async Task What_a_download_left_damaged_is_fetched_again()
    {
        _options.ParallelTransfers = 1;
        var (path, content) = await WriteVoxelsAsync(4 * MiB, seed: 1);
        _proxy.BreakAfter(3 * MiB, AtEnd.BreakAndRefuse);
        await Assert.ThrowsAnyAsync<IOException>(() => Open().LocalCopyAsync(path, Stop));
        _proxy.Allow();
        var part = Assert.Single(Files("parts"));
        await File.WriteAllBytesAsync(part, new byte[new FileInfo(part).Length], Stop);
        Assert.Equal(content, await File.ReadAllBytesAsync(await Open().LocalCopyAsync(path, Stop), Stop));
    }

    [Fact]
    public async Task A_copy_that_lost_bytes_is_fetched_again()
    {
        var (path, content) = await WriteVoxelsAsync(3 * MiB, seed: 1);
        await using (var file = new FileStream(await _store.LocalCopyAsync(path, Stop), FileMode.Open))
            file.SetLength(1000);
        Assert.Equal(content, await File.ReadAllBytesAsync(await _store.LocalCopyAsync(path, Stop), Stop));
    }

    [Fact]
    public async Task A_copy_in_which_a_bit_was_flipped_is_noticed_on_reading_and_fetched_again()
    {
        var (path, content) = await WriteVoxelsAsync(3 * MiB, seed: 1);
        var copy = await _store.LocalCopyAsync(path, Stop);
        var changed = content.ToArray();
        changed[MiB] ^= 1;
        await File.WriteAllBytesAsync(copy, changed, Stop);
        Assert.Equal(content, await _store.ReadVerifiedAsync(path, ContentHash.Of(content), ReadAll, Stop));
        Assert.Equal(content, await File.ReadAllBytesAsync(copy, Stop));
    }

    [Fact]
    public async Task A_blob_that_is_damaged_in_the_store_is_named_and_no_copy_of_it_stays()
    {
        const string path = "models/main/1/weights.safetensors";
        await _store.WriteTextAsync(path, "something else", cancellation: Stop);
        var damage = await Assert.ThrowsAsync<DamagedBlobException>(() => _store.ReadVerifiedAsync(path, ContentHash.OfText("the weights"), ReadAll, Stop));
        Assert.Equal((path, ContentHash.OfText("the weights"), ContentHash.OfText("something else")), (damage.Path, damage.Expected, damage.Actual));
        Assert.Empty(Files("data"));
    }

    private static byte[] ReadAll(Stream content)
    {
        var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    [Fact]
    public async Task A_blob_that_is_not_what_its_name_says_is_never_handed_out()
    {
        var path = $"datasets/x/voxels/{new string('a', 64)}.nii.gz";
        await _store.WriteTextAsync(path, "something else", cancellation: Stop);
        var error = await Assert.ThrowsAsync<DamagedBlobException>(() => _store.LocalCopyAsync(path, Stop));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Files("data"));
    }

    [Fact]
    public async Task A_purge_removes_the_copies_of_the_named_blobs_whole_or_not_and_no_others()
    {
        _options.ParallelTransfers = 1;
        await WriteAsync("patient/1", "patient/2", "other/1");
        var files = new[] { await _store.LocalCopyAsync("patient/1", Stop), await _store.LocalCopyAsync("other/1", Stop) };
        _proxy.BreakAfter(2 * MiB, AtEnd.BreakAndRefuse);
        await Assert.ThrowsAnyAsync<IOException>(() => Open().LocalCopyAsync("patient/2", Stop));
        _proxy.Allow();

        Assert.Equal(2, await Open().PurgeLocalCopiesAsync(path => path.StartsWith("patient/", StringComparison.Ordinal), Stop));
        Assert.Equal((false, true), (File.Exists(files[0]), File.Exists(files[1])));
        Assert.Empty(Files("parts"));
        Assert.Equal(["other/1"], Held());
        Assert.True(File.Exists(await _store.LocalCopyAsync("patient/1", Stop)));
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_may_look_into_the_copies()
    {
        await WriteAsync("1");
        await _store.LocalCopyAsync("1", Stop);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["cache"]));
    }

    private AzureBlobStore Open() => new(_options, _time);

    private IEnumerable<string> Files(string kind) => Directory.EnumerateFiles(Path.Combine(_folder["cache"], kind));

    /// <summary>The blobs that have an entry, which are those that count.</summary>
    private IEnumerable<string> Held() => Files("entries").Select(File.ReadAllText).Order(StringComparer.Ordinal);

    private async Task WriteAsync(params string[] paths)
    {
        foreach (var path in paths)
            await _store.WriteBytesAsync(path, Contents.Random(3 * MiB), Stop);
    }

    private async Task CopyLaterAsync(string path)
    {
        _time.Advance(_options.CachePin * 2);
        await _store.LocalCopyAsync(path, Stop);
    }

    private async Task<(string Path, byte[] Content)> WriteVoxelsAsync(int bytes, int seed)
    {
        var content = Contents.Random(bytes, seed);
        var path = $"datasets/x/voxels/{Convert.ToHexStringLower(SHA256.HashData(content))}.nii.gz";
        await _store.WriteBytesAsync(path, content, Stop);
        return (path, content);
    }
}
