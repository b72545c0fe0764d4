using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests;

/// <summary>A model in another folder of the store, as a promotion brings it there.</summary>
internal static class ModelCopy
{
    public static async Task MakeAsync(IBlobStore store, string from, string to, CancellationToken cancellation)
    {
        var manifest = await store.ReadJsonAsync<ModelManifest>(from + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        await store.CopyVerifiedAsync(from + BlobLayout.WeightsFile, to + BlobLayout.WeightsFile, manifest.Weights, cancellation);
        await store.WriteJsonAsync(to + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
    }
}
