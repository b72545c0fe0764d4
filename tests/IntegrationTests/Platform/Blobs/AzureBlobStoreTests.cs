using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;

namespace VerSemi.IntegrationTests.Platform.Blobs;

public sealed class AzureBlobStoreTests(SharedAzurite azurite) : BlobWriteContract
{
    private readonly string _container = $"test-{Guid.NewGuid():N}";

    protected override async Task<IBlobStore> OpenAsync() =>
        new AzureBlobStore(SharedAzurite.Options((await azurite.ServerAsync()).ConnectionString, Folder["cache"], _container));
}
