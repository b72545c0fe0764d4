using System.Diagnostics;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>Leases over more than their 15 seconds, which is the least that the service gives.</summary>
public sealed class AzureLeaseTests(SharedAzurite azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_its_time_a_renewed_lease_is_still_held_and_one_that_could_not_be_renewed_is_lost()
    {
        using var folder = new TempFolder();
        var server = await azurite.ServerAsync();
        await using var proxy = new BreakingProxy(server.BlobPort);
        var (near, far) = (SharedAzurite.Options(server.ConnectionString, folder.Path), SharedAzurite.Options(server.ConnectionStringTo(proxy.Port), folder.Path));
        far.Container = near.Container;
        var other = new AzureBlobStore(near);
        await using var renewed = await new AzureBlobStore(near).TryLeaseAsync("renewed", Stop);
        await using var cutOff = await new AzureBlobStore(far).TryLeaseAsync("cut off", Stop);
        var clock = Stopwatch.StartNew();
        proxy.Refuse();

        IBlobLease? next = null;
        await Eventually.TrueAsync("the lease runs out", async () => (next = await other.TryLeaseAsync("cut off", Stop)) is not null, Stop);
        Assert.True(cutOff!.Lost.IsCancellationRequested, "Another has the lease, and its holder does not know.");
        await next!.DisposeAsync();

        await Eventually.TrueAsync("longer than a lease lasts", TimeSpan.FromSeconds(30), async () =>
        {
            Assert.Null(await other.TryLeaseAsync("renewed", Stop));
            return clock.Elapsed > TimeSpan.FromSeconds(near.LeaseSeconds + 2);
        }, Stop);
        Assert.False(renewed!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_that_was_taken_away_is_lost_at_its_next_renewal()
    {
        using var folder = new TempFolder();
        var options = SharedAzurite.Options((await azurite.ServerAsync()).ConnectionString, folder.Path);
        await using var lease = await new AzureBlobStore(options).TryLeaseAsync("one", Stop);
        var blob = new Azure.Storage.Blobs.BlobContainerClient(options.ConnectionString, options.Container).GetBlobClient(".store/leases/one");
        await new Azure.Storage.Blobs.Specialized.BlobLeaseClient(blob).BreakAsync(TimeSpan.Zero, cancellationToken: Stop);
        await Eventually.TrueAsync("its holder notices", () => Task.FromResult(lease!.Lost.IsCancellationRequested), Stop);
    }
}
