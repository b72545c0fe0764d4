using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.Benchmarks.Sweep;

/// <summary>A store full of drops that have their reports.</summary>
internal sealed class SweepStore : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private AzuriteServer? _azurite;

    public IBlobStore Blobs { get; private set; } = null!;

    public static async Task<SweepStore> FillAsync(bool azurite, int drops, int blobs)
    {
        var store = new SweepStore();
        if (azurite)
            store._azurite = await AzuriteServer.StartNewAsync();
        store.Blobs = store._azurite is null
            ? new FolderBlobStore(store._folder["data"])
            : new AzureBlobStore(new BlobOptions { Store = BlobOptions.AzureStore, ConnectionString = store._azurite.ConnectionString, CacheFolder = store._folder["cache"] });
        await Parallel.ForAsync(0, drops, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await store.DropAsync($"drop{i:0000}", blobs / drops - 1, reported: true));
        return store;
    }

    /// <summary>Files of a few bytes: a sweep looks at names and times.</summary>
    public async Task DropAsync(string drop, int files, bool reported)
    {
        for (var i = 0; i < files; i++)
            await WriteAsync($"{BlobLayout.Drop(drop)}imagesTr/case{i:000}.nii.gz", "voxels");
        if (!reported)
        {
            await WriteAsync(BlobLayout.Drop(drop) + BlobLayout.ReadyMarker, "");
            return;
        }
        var fingerprint = (await DropFiles.ListAsync(Blobs, drop, default)).Fingerprint;
        await Blobs.WriteJsonAsync(BlobLayout.DropReport(drop), new IngestReport { Drop = drop, Fingerprint = fingerprint, Outcome = IngestOutcome.Committed, Dataset = drop, Version = "v" }, DomainJson.Readable);
    }

    // On a folder as people copy into it: the store itself flushes each file to the disk.
    private async Task WriteAsync(string path, string text)
    {
        if (_azurite is not null)
        {
            await Blobs.WriteTextAsync(path, text);
            return;
        }
        var file = _folder["data/" + path];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}
