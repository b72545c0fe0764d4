using VerSemi.IntegrationTests.Platform.Blobs;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit.Servers;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>The Azurite that tests share. A test has a container of its own.</summary>
public sealed class SharedAzurite
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(SharedServers.AzuriteAsync);

    public Task<AzuriteServer> ServerAsync() => _server.Value;

    /// <summary>Small blocks, so that several make a blob, and a client that gives up soon.</summary>
    public static BlobOptions Options(string connectionString, string cacheFolder, string? container = null) => new()
    {
        Store = BlobOptions.AzureStore,
        ConnectionString = connectionString,
        Container = container ?? $"test-{Guid.NewGuid():N}",
        CacheFolder = cacheFolder,
        BlockMiB = 1,
        LeaseSeconds = 15,
        Retries = 2,
        RetryDelay = TimeSpan.FromMilliseconds(50),
        NetworkTimeout = TimeSpan.FromSeconds(10),
    };
}
