using System.Diagnostics;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>A process that is killed while it holds a lease and downloads: this test's own program, told to run only that.</summary>
public sealed class KilledProcessTests(SharedAzurite azurite)
{
    private const int MiB = 1 << 20;
    private const string Settings = "VERSEMI_TEST_VICTIM";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_leaves_its_download_to_the_next_and_its_lease_to_time()
    {
        using var folder = new TempFolder();
        var server = await azurite.ServerAsync();
        await using var proxy = new BreakingProxy(server.BlobPort);
        var options = SharedAzurite.Options(server.ConnectionStringTo(proxy.Port), folder["cache"]);
        options.ParallelTransfers = 1;
        var (store, content) = (new AzureBlobStore(options), Contents.Random(8 * MiB));
        await store.WriteBytesAsync("a.bin", content, Stop);
        proxy.BreakAfter(5 * MiB, AtEnd.Stall);
        using var victim = Start(options);
        await Eventually.TrueAsync("the process is in the middle of its download", () => Task.FromResult(Parts(folder).Any(part => part.Length == 4 * MiB)), Stop);
        Assert.Null(await store.TryLeaseAsync("one", Stop));
        victim.Kill();
        await victim.WaitForExitAsync(Stop);

        var before = proxy.Answered;
        Assert.Equal(content, await File.ReadAllBytesAsync(await store.LocalCopyAsync("a.bin", Stop), Stop));
        Assert.InRange(proxy.Answered - before, 4 * MiB, (4 * MiB) + 100_000);
        IBlobLease? next = null;
        await Eventually.TrueAsync("the lease runs out", async () => (next = await store.TryLeaseAsync("one", Stop)) is not null, Stop);
        await next!.DisposeAsync();
    }

    /// <summary>The victim's part; only by the process above.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_a_lease_and_download()
    {
        var settings = Environment.GetEnvironmentVariable(Settings)!.Split('|');
        var options = SharedAzurite.Options(settings[0], settings[1], settings[2]);
        options.ParallelTransfers = 1;
        var store = new AzureBlobStore(options);
        await using var lease = await store.TryLeaseAsync("one", Stop);
        await store.LocalCopyAsync("a.bin", Stop);
    }

    private static IEnumerable<FileInfo> Parts(TempFolder folder) =>
        Directory.Exists(folder["cache/parts"]) ? new DirectoryInfo(folder["cache/parts"]).EnumerateFiles() : [];

    private static Process Start(BlobOptions options)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledProcessTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"*.{nameof(Hold_a_lease_and_download)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [Settings] = $"{options.ConnectionString}|{options.CacheFolder}|{options.Container}" },
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }
}
