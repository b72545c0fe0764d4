using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Network;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>A model's two files, weights.safetensors and model.json, in a folder of the blob store.</summary>
public static class ModelFiles
{
    /// <param name="folder">E.g. <see cref="BlobLayout.Model"/> or <see cref="BlobLayout.AttemptModel"/>.</param>
    /// <param name="moved">The folder was copied from the place that it was written to, or the store begins elsewhere: its content is verified, its place is not.</param>
    /// <exception cref="DamagedBlobException">The weights are not those that model.json names, or model.json is damaged.</exception>
    public static async Task<(ModelManifest Manifest, VerSemiNetwork Network)> LoadAsync(IBlobStore store, string folder, Device device, CancellationToken cancellation, bool moved = false)
    {
        var manifest = await (moved ? store.ReadMovedJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation) : store.ReadJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation));
        var path = folder + BlobLayout.WeightsFile;
        var network = await store.ReadVerifiedAsync(path, manifest.Weights, content => NetworkWeights.Load(content, path, device), cancellation);
        network.Precision = manifest.Recipe.Precision;
        return (manifest, network);
    }

    /// <summary>Weights first, model.json last.</summary>
    public static async Task<ModelManifest> SaveAsync(IBlobStore store, string folder, VerSemiNetwork network, Func<string, ModelManifest> manifestOf, string scratch, CancellationToken cancellation)
    {
        Directory.CreateDirectory(scratch);
        var local = Path.Combine(scratch, $"{Guid.NewGuid():N}.safetensors");
        try
        {
            NetworkWeights.Save(local, network);
            var manifest = manifestOf(await HashAsync(local, cancellation));
            await using (var content = File.OpenRead(local))
                await store.WriteAsync(folder + BlobLayout.WeightsFile, content, cancellation: cancellation);
            await store.WriteJsonAsync(folder + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
            return manifest;
        }
        finally
        {
            File.Delete(local);
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
