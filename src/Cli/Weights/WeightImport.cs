using System.CommandLine;
using System.Security.Cryptography;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Training;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Weights;

/// <summary>A state dict becomes a version of a line: laid down beside the models, then adopted by the platform, which owns versions and ledger.</summary>
internal static class WeightImport
{
    /// <summary>The file is judged before the data folder is touched.</summary>
    public static async Task<ModelView> RunAsync(string file, ModelDescription described, ImportModel request, ParseResult parsed, CancellationToken cancellation)
    {
        using var weights = ImportedWeights.Read(file, described.Space.Columns);
        var manifest = Sound(await DescribeAsync(file, described, weights.Width, cancellation));
        request = request with { Import = ContentHash.Of(manifest) };
        await using var session = await PlatformSession.OpenAsync(parsed, new HostPlan("import-weights", Workers: false), cancellation);
        return await (parsed.Servers().Count > 0 ? SendAsync(weights, manifest, request, session.Api, cancellation) : LayDownAsync(weights, manifest, request, parsed.DataFolder(), session.Api, cancellation));
    }

    private static async Task<ModelView> LayDownAsync(ImportedWeights weights, ModelManifest manifest, ImportModel request, DataFolder data, ApiClient api, CancellationToken cancellation)
    {
        var (store, folder) = (new FolderBlobStore(data.Path), BlobLayout.Import(request.Import));
        try
        {
            await weights.SaveAsync(store, folder, hash => manifest with { Weights = hash }, Path.Combine(data.Path, ".trainer"), cancellation);
            return await api.PostAsync<ModelView>(Routes.ImportModel, request, cancellation);
        }
        finally
        {
            await store.DeleteAsync(folder + BlobLayout.ModelFile, CancellationToken.None);
            await store.DeleteAsync(folder + BlobLayout.WeightsFile, CancellationToken.None);
        }
    }

    /// <summary>Made here, in a folder of its own, and sent file by file.</summary>
    private static async Task<ModelView> SendAsync(ImportedWeights weights, ModelManifest manifest, ImportModel request, ApiClient api, CancellationToken cancellation)
    {
        using var aside = new ScratchFolder();
        var (store, folder) = (new FolderBlobStore(aside["store"]), BlobLayout.Import(request.Import));
        await weights.SaveAsync(store, folder, hash => manifest with { Weights = hash }, aside["made"], cancellation);
        try
        {
            foreach (var file in new[] { BlobLayout.WeightsFile, BlobLayout.ModelFile })
            {
                var path = Path.Combine(aside["store"], folder, file);
                using var content = new UploadContent(path, new FileInfo(path).Length, _ => { });
                await api.PutAsync(Routes.ImportFile(request.Import, file), content, cancellation);
            }
            return await api.PostAsync<ModelView>(Routes.ImportModel, request, cancellation);
        }
        finally
        {
            await api.DeleteAsync(Routes.Import(request.Import), CancellationToken.None);
        }
    }

    /// <summary>Its content is the import's identity: the same file described the same way is the same model.</summary>
    private static async Task<ModelManifest> DescribeAsync(string file, ModelDescription described, int width, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        var manifest = new ModelManifest
        {
            LabelSpace = described.Space,
            LabelSpaceHash = described.Space.Hash,
            Recipe = described.Recipe with { Width = width },
            Preprocessing = [described.Preprocessing],
            Lineage = new ModelLineage("", 0, null, [], 0),
            Weights = hash,
        };
        return manifest with { Lineage = manifest.Lineage with { Run = $"import-{ContentHash.Abbreviate(ContentHash.Of(manifest))}" } };
    }

    private static ModelManifest Sound(ModelManifest manifest) => manifest.Recipe.Validate() is { Count: > 0 } errors
        ? throw new DomainException(string.Join(Environment.NewLine, errors))
        : manifest;
}
