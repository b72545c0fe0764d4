using System.Diagnostics;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Blobs;

public sealed class FolderBlobStoreTests : BlobWriteContract
{
    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new FolderBlobStore(Folder["store"]));

    [Fact]
    public async Task A_lease_ends_with_the_process_that_holds_it()
    {
        // The lock that the runtime takes on Linux is flock(2).
        using var holder = Process.Start(TestServers.RequireProgram("flock"), ["--no-fork", Path.Combine(Folder["store"], ".store", "one.lease"), "sleep", "600"]);
        await Eventually.TrueAsync("the process holds the lease", async () =>
        {
            await using var free = await Store.TryLeaseAsync("one", Stop);
            return free is null;
        }, Stop);
        Assert.Null(await Store.TryLeaseAsync("one", Stop));
        holder.Kill();
        await holder.WaitForExitAsync(Stop);
        await using var lease = await Store.TryLeaseAsync("one", Stop);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task A_hundred_thousand_blobs_are_listed_in_less_than_half_a_minute()
    {
        for (var folder = 0; folder < 100; folder++)
        {
            var path = Directory.CreateDirectory(Path.Combine(Folder["store"], "datasets", $"set-{folder}", "voxels")).FullName;
            for (var file = 0; file < 1000; file++)
                await File.Create(Path.Combine(path, $"{file}.nii.gz")).DisposeAsync();
        }
        var clock = Stopwatch.StartNew();
        var paths = await PathsAsync("datasets/");
        TestContext.Current.TestOutputHelper!.WriteLine($"{paths.Count} in {clock.Elapsed.TotalSeconds:0.00} s");
        Assert.Equal(100_000, paths.Count);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_a_dead_writer_left_long_ago_is_removed_and_what_is_being_written_is_not()
    {
        var (old, young) = (Path.Combine(Folder["store"], ".store", "old.part"), Path.Combine(Folder["store"], ".store", "young.part"));
        await File.WriteAllTextAsync(old, "left", Stop);
        await File.WriteAllTextAsync(young, "being written", Stop);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        await OpenAsync();
        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    [Fact]
    public async Task A_store_whose_folder_is_gone_is_not_empty_but_an_error()
    {
        Directory.Delete(Folder["store"], recursive: true);
        await Assert.ThrowsAnyAsync<IOException>(() => Store.ListFoldersAsync("", Stop));
        await Assert.ThrowsAnyAsync<IOException>(() => Store.TryLeaseAsync("one", Stop));
    }
}
