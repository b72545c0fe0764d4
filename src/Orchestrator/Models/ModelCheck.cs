using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Domain.Weights;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>Whether a model's two files may be adopted, or go live: a sound description, exactly its tensors, finite numbers, finite answers.</summary>
internal sealed class ModelCheck(IBlobStore blobs)
{
    /// <param name="folder">Ends in '/', holds model.json and weights.safetensors.</param>
    /// <exception cref="DomainException">Every fault that was found.</exception>
    public async Task<ModelManifest> RequireSoundAsync(string folder, CancellationToken cancellation)
    {
        var manifest = await ManifestAsync(folder, cancellation);
        var (path, recipe, columns) = (folder + BlobLayout.WeightsFile, manifest.Recipe, manifest.LabelSpace.Columns);
        var blob = await blobs.FindAsync(path, cancellation) ?? throw new DomainException($"'{path}' is missing: a model is model.json and weights.safetensors.");
        await using var content = await blobs.OpenReadAsync(path, cancellation);
        var tensors = WeightsFile.Read(content, blob.Bytes, path, recipe.Width, recipe.Norm, columns, recipe.Network);
        var logits = new PlainNetwork(tensors, recipe.Width, recipe.Norm, columns, recipe.Network).Logits(Wave(PlainNetwork.SmallestSide), PlainNetwork.SmallestSide);
        if (Array.FindIndex(logits, answer => !answer.All(float.IsFinite)) is >= 0 and var column)
            throw new DomainException($"'{path}' answers with NaN or infinity for {(column < columns ? $"task '{manifest.LabelSpace.Tasks[column].Id}'" : "the synthetic task")}: its numbers are finite, but too large to compute with. Train or export the model again.");
        return manifest;
    }

    private async Task<ModelManifest> ManifestAsync(string folder, CancellationToken cancellation)
    {
        var path = folder + BlobLayout.ModelFile;
        if (await blobs.FindAsync(path, cancellation) is null)
            throw new UnknownNameException($"There is no '{path}': a model is model.json and weights.safetensors.");
        var manifest = folder.StartsWith(BlobLayout.Imports, StringComparison.Ordinal)
            ? await ForeignAsync(path, cancellation)
            : await blobs.ReadMovedJsonAsync<ModelManifest>(path, DomainJson.Readable, cancellation);
        var faults = ManifestErrors.Of(manifest).ToList();
        return faults.Count == 0 ? manifest : throw new DomainException($"'{path}' describes no model: {string.Join("; ", faults)}. Export the model again.");
    }

    private async Task<ModelManifest> ForeignAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await blobs.ReadForeignJsonAsync<ModelManifest>(path, DomainJson.Readable, cancellation);
        }
        catch (DamagedBlobException e)
        {
            throw new DomainException($"'{path}' describes no model: {e.InnerException?.Message ?? e.Message} Export the model again.", e);
        }
    }

    /// <summary>An image of unit variance that is the same each time.</summary>
    private static float[] Wave(int side) => [.. Enumerable.Range(0, side * side * side).Select(i => MathF.Sin(0.37f * (i % side)) + MathF.Cos(0.023f * i))];
}
