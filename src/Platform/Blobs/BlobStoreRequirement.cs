using VerSemi.Platform.Startup;

namespace VerSemi.Platform.Blobs;

/// <summary>The blob store answers and lets this process list it.</summary>
internal sealed class BlobStoreRequirement(IBlobStore store, BlobOptions options) : IStartRequirement
{
    public string Name => options.Store == BlobOptions.FolderStore ? $"the blob store in {options.Folder}" : "the blob store on Azure";

    public Task MeetAsync(CancellationToken cancellation) => store.ListFoldersAsync("", cancellation);

    public StartFailure Explain(Exception failure) => new(
        failure is UnauthorizedAccessException or InvalidOperationException ? StartFailureKind.Refused : StartFailureKind.Absent, failure.Message);
}
