using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>The network and the service as they are on a bad day.</summary>
public sealed class AzureFaultTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const int MiB = 1 << 20;

    private readonly TempFolder _folder = new();
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
        _store = new AzureBlobStore(_options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_read_goes_on_after_its_connection_broke()
    {
        var content = Contents.Random(8 * MiB);
        await _store.WriteBytesAsync("blob", content, Stop);
        var before = _proxy.Answered;
        _proxy.BreakAfter(5 * MiB);
        Assert.Equal(content, await _store.ReadAsync("blob", Stop));
        // All of it, and what a reset took from the buffers of a reader that was busy: less than from the start again.
        Assert.InRange(_proxy.Answered - before, 8 * MiB, (13 * MiB) - 1);
    }

    [Fact]
    public async Task A_read_that_cannot_go_on_is_an_input_output_error()
    {
        await _store.WriteBytesAsync("blob", Contents.Random(8 * MiB), Stop);
        _proxy.BreakAfter(5 * MiB, AtEnd.BreakAndRefuse);
        var error = await Assert.ThrowsAnyAsync<IOException>(() => _store.ReadAsync("blob", Stop));
        Assert.Contains("'blob'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData((3 * MiB) + 100)]
    public async Task A_write_that_was_done_and_whose_answer_was_lost_knows_its_own_blob(int bytes)
    {
        var content = new PiecewiseStream(Contents.Random(bytes), 1 << 20, () => _proxy.BreakAfter(0));
        await _store.WriteTextAsync("other", "so that the container exists", cancellation: Stop);
        // At the end of the content: for the small one before its only request, for the big one among its last blocks.
        var written = await _store.WriteAsync("blob", content, new WriteCondition(IfAbsent: true), Stop);
        Assert.Equal(written, await _store.FindAsync("blob", Stop));
        Assert.Equal(Contents.Random(bytes), await _store.ReadAsync("blob", Stop));
        await Assert.ThrowsAsync<BlobConflictException>(() => _store.WriteTextAsync("blob", "late", new WriteCondition(IfAbsent: true), Stop));
    }

    [Fact]
    public async Task An_upload_whose_connection_is_gone_leaves_nothing()
    {
        await _store.WriteTextAsync("other", "so that the container exists", cancellation: Stop);
        var content = new PiecewiseStream(Contents.Random(6 * MiB), 1 << 20, _proxy.Refuse);
        await Assert.ThrowsAnyAsync<IOException>(() => _store.WriteAsync("blob", content, cancellation: Stop));
        _proxy.Allow();
        Assert.Null(await _store.FindAsync("blob", Stop));
        Assert.Equal("other", Assert.Single(await _store.ListAsync("", Stop).ToListAsync(Stop)).Path);
    }

    [Fact]
    public async Task Without_a_right_the_error_says_which_and_where_and_no_secret()
    {
        await _store.WriteTextAsync("blob", "text", cancellation: Stop);
        var sas = new BlobContainerClient(_server.ConnectionString, _options.Container).GenerateSasUri(BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddMinutes(5));
        var reader = new AzureBlobStore(new BlobOptions { Store = BlobOptions.AzureStore, SasUri = sas.ToString(), CacheFolder = _folder["cache"] });
        Assert.Equal("blob", Assert.Single(await reader.ListAsync("", Stop).ToListAsync(Stop)).Path);
        foreach (var (right, request) in new (string, Func<Task>)[]
        {
            ("read", () => reader.OpenReadAsync("blob", Stop)), ("write", () => reader.WriteTextAsync("new", "text", cancellation: Stop)),
            ("delete", () => reader.DeleteAsync("blob", Stop)), ("write", () => reader.TryLeaseAsync("one", Stop)),
        })
        {
            var error = await Assert.ThrowsAsync<UnauthorizedAccessException>(request);
            Assert.StartsWith($"No right to {right} blobs in the container http://127.0.0.1:{_server.BlobPort}/devstoreaccount1/{_options.Container} (403", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_signature_for_the_container_all_is_possible()
    {
        await _store.WriteTextAsync("blob", "text", cancellation: Stop);
        var sas = new BlobContainerClient(_server.ConnectionString, _options.Container).GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddMinutes(5));
        var store = new AzureBlobStore(new BlobOptions { Store = BlobOptions.AzureStore, SasUri = sas.ToString(), CacheFolder = _folder["cache"] });
        await store.CopyAsync("blob", "copy", Stop);
        Assert.Equal("text", await store.ReadTextAsync("copy", Stop));
        Assert.Equal("text", await File.ReadAllTextAsync(await store.LocalCopyAsync("copy", Stop), Stop));
        await using (await store.TryLeaseAsync("one", Stop))
            await store.DeleteAsync("copy", Stop);
        Assert.Equal(["blob"], await store.ListAsync("", Stop).Select(entry => entry.Path).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_container_that_is_missing_is_an_error_and_not_an_empty_one()
    {
        _options.CreateContainer = false;
        var store = new AzureBlobStore(_options);
        foreach (var request in new Func<Task>[]
        {
            () => store.FindAsync("blob", Stop), () => store.OpenReadAsync("blob", Stop), () => store.ListFoldersAsync("", Stop),
            () => store.WriteTextAsync("blob", "text", cancellation: Stop), () => store.TryLeaseAsync("one", Stop),
        })
            Assert.Contains($"no container {new Uri($"http://127.0.0.1:{_proxy.Port}/devstoreaccount1/{_options.Container}")}", (await Assert.ThrowsAsync<IOException>(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_follows_the_store()
    {
        using var provider = new ServiceCollection().AddLogging().AddBlobStore(_options).BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(check => check.Tags.Contains("ready"), Stop)).Status);
        _proxy.Refuse();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Stop)).Entries["blobs"].Status);
        _proxy.Allow();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Stop)).Status);
    }

    [Fact]
    public async Task While_the_service_is_down_errors_come_soon_and_afterwards_all_is_there()
    {
        await using var own = await AzuriteServer.StartNewAsync(Stop);
        var store = new AzureBlobStore(SharedAzurite.Options(own.ConnectionString, _folder["own"]));
        await store.WriteTextAsync("a/blob", "text", cancellation: Stop);
        await own.StopAsync();
        foreach (var request in new Func<Task>[]
        {
            () => store.FindAsync("a/blob", Stop), () => store.OpenReadAsync("a/blob", Stop), () => store.WriteTextAsync("new", "text", cancellation: Stop),
            () => store.DeleteAsync("a/blob", Stop), () => store.TryLeaseAsync("one", Stop), () => store.LocalCopyAsync("a/blob", Stop),
            async () => await store.ListAsync("", Stop).ToListAsync(Stop),
        })
        {
            var clock = Stopwatch.StartNew();
            await Assert.ThrowsAsync<IOException>(request);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
        await own.StartAsync(Stop);
        Assert.Equal("text", await store.ReadTextAsync("a/blob", Stop));
        Assert.Equal(["a/blob"], await store.ListAsync("", Stop).Select(entry => entry.Path).ToListAsync(Stop));
    }
}
