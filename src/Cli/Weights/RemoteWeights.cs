using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Segmentation;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Weights;

/// <summary>A running platform's model, brought here to be written as a state dict.</summary>
internal static class RemoteWeights
{
    /// <param name="model">Null: the one in production.</param>
    /// <exception cref="DomainException">There is no such model, or what came is not what its manifest names.</exception>
    public static async Task<(string Line, int Version, ModelManifest Manifest)> ExportAsync(ApiClient api, (string Line, int Version)? model, string file, CancellationToken cancellation)
    {
        var (line, version) = model ?? await InProductionAsync(api, "main", cancellation);
        var manifest = (await api.GetAsync<ModelDetail>(Routes.Model(line, version), cancellation)).Manifest;
        using var aside = new ScratchFolder();
        var folder = BlobLayout.Model(line, version);
        await new FolderBlobStore(aside.Path).WriteJsonAsync(folder + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
        await api.DownloadAsync(Routes.Weights(line, version), aside[folder + BlobLayout.WeightsFile], cancellation);
        return (line, version, await new ReadOnlyModels(new DataFolder(aside.Path)).ExportAsync(line, version, file, cancellation));
    }

    private static async Task<(string Line, int Version)> InProductionAsync(ApiClient api, string line, CancellationToken cancellation)
    {
        var status = await api.GetAsync<StatusView>(Routes.Status, cancellation);
        return status.Lines.FirstOrDefault(known => known.Line == line)?.Production is { } now
            ? (line, now.Version)
            : throw new DomainException($"No model of line '{line}' is in production at {api.Address}. Name one: 'versemi models' lists them.");
    }
}
