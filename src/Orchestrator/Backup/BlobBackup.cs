using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Backup;

/// <summary>The platform's blobs to a folder, while it runs, and back. The folder is a store itself: `Blobs:Folder` may name it.</summary>
public static class BlobBackup
{
    /// <param name="folder">Empty, or made.</param>
    /// <exception cref="ConflictException">The folder holds something.</exception>
    public static async Task<CopiedStore> BackUpAsync(IServiceProvider services, string folder, CancellationToken cancellation = default)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ConflictException($"'{folder}' is not empty. Each backup has a folder of its own: name a new one.");
        return await CopyAsync(services.GetRequiredService<IBlobStore>(), new FolderBlobStore(folder), cancellation);
    }

    /// <exception cref="ConflictException">The store holds blobs, or the folder is missing.</exception>
    public static async Task<CopiedStore> RestoreAsync(IServiceProvider services, string folder, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
            throw new ConflictException($"There is no folder '{folder}'. Name the folder that backup-blobs wrote.");
        var store = services.GetRequiredService<IBlobStore>();
        await foreach (var blob in store.ListAsync("", cancellation))
            throw new ConflictException($"The store is not empty: it holds '{blob.Path}'. Restore into a new container (Blobs:Container) or folder (Blobs:Folder).");
        return await CopyAsync(new FolderBlobStore(folder), store, cancellation);
    }

    private static Task<CopiedStore> CopyAsync(IBlobStore from, IBlobStore to, CancellationToken cancellation) =>
        StoreCopy.RunAsync(from, to, CopyOrder.Passes, CopyOrder.PassOf, cancellation);
}
