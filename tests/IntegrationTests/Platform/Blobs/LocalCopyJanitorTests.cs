using Microsoft.Extensions.DependencyInjection;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>Copies of a blob that another process erased go from this machine.</summary>
public sealed class LocalCopyJanitorTests(SharedAzurite azurite) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copies_of_erased_blobs_go_at_start_and_others_stay()
    {
        var stop = TestContext.Current.CancellationToken;
        var server = await azurite.ServerAsync();
        var options = SharedAzurite.Options(server.ConnectionStringTo(server.BlobPort), _folder["cache"]);
        var store = new AzureBlobStore(options, TimeProvider.System);
        var copies = new List<string>();
        foreach (var path in new[] { "v/erased.bin", "v/written-again.bin", "v/other.bin" })
        {
            await store.WriteBytesAsync(path, Contents.Random(1000), stop);
            copies.Add(await store.LocalCopyAsync(path, stop));
        }
        await store.DeleteAsync("v/erased.bin", stop);

        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IBlobStore>(store);
        IReadOnlySet<string> named = new HashSet<string> { "v/erased.bin", "v/written-again.bin" };
        services.AddLocalCopyJanitor((_, _) => Task.FromResult(named)).AddLocalCopyJanitor((_, _) => Task.FromResult(named));
        await using var provider = services.BuildServiceProvider();
        var janitor = Assert.Single(provider.GetServices<Microsoft.Extensions.Hosting.IHostedService>());
        await janitor.StartAsync(stop);
        await Eventually.TrueAsync("the copy is gone", () => Task.FromResult(!File.Exists(copies[0])), stop);
        await janitor.StopAsync(stop);
        Assert.All(copies.Skip(1), copy => Assert.True(File.Exists(copy)));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["cache"], "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("v/erased.bin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_process_left_of_a_write_to_a_folder_goes_and_a_write_under_way_stays()
    {
        var store = new FolderBlobStore(_folder["data"]);
        var (old, fresh) = (_folder["data/.store/old.part"], _folder["data/.store/fresh.part"]);
        await File.WriteAllTextAsync(old, "voxels", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(fresh, "voxels", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));
        await store.PurgeLocalCopiesAsync(_ => false, TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (File.Exists(old), File.Exists(fresh)));
    }
}
