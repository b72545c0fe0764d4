using System.Security.Cryptography;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.DistributedKit.Faults;

/// <summary>What a reader must never see: half a blob, a pointer to something that is not there, weights that are not their manifest's.</summary>
/// <param name="damage">What was damaged on purpose is no fault while it is as it was left.</param>
public sealed class BlobAudit(IBlobStore blobs, PointerDamage damage)
{
    /// <summary>Everything that is wrong at this moment.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        var faults = new List<string>();
        await foreach (var blob in blobs.ListAsync("", cancellation))
            if (blob.Path.EndsWith(".json", StringComparison.Ordinal) && !await IsSoundAsync(blob.Path, cancellation))
                faults.Add($"{blob.Path} is half-written");
        foreach (var dataset in await blobs.ListFoldersAsync(BlobLayout.Datasets, cancellation))
            faults.AddRange(await OfDatasetAsync(dataset, cancellation));
        foreach (var line in await blobs.ListFoldersAsync("models/", cancellation))
            faults.AddRange(await OfLineAsync(line, cancellation));
        return faults;
    }

    /// <summary>Read once: in between, the damage could be healed.</summary>
    private async Task<bool> IsSoundAsync(string path, CancellationToken cancellation)
    {
        if (await PointerDamage.ReadAsync(blobs, path, cancellation) is not { } text || damage.IsLeft(path, text))
            return true;
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<IEnumerable<string>> OfDatasetAsync(string dataset, CancellationToken cancellation)
    {
        if (await blobs.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation) is not { Value: var head })
            return [];
        if (await blobs.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, head.Version), DomainJson.Readable, cancellation) is not { Value: var manifest })
            return [$"{dataset}'s head points to {head.Version}, which is not there"];
        var faults = new List<string>();
        foreach (var hash in manifest.Cases.SelectMany(entry => new[] { entry.Image, entry.Label }).OfType<string>().Distinct())
            if (await HashAsync(BlobLayout.Voxels(dataset, hash), cancellation) != hash)
                faults.Add($"{BlobLayout.Voxels(dataset, hash)} is not what its name says");
        return faults;
    }

    private async Task<IEnumerable<string>> OfLineAsync(string line, CancellationToken cancellation)
    {
        var path = BlobLayout.Production(line);
        if (await PointerDamage.ReadAsync(blobs, path, cancellation) is not { } text || damage.IsLeft(path, text))
            return [];
        if (JsonSerializer.Deserialize<ProductionPointer>(text, DomainJson.Readable) is not { } pointer)
            return [$"{path} is null"];
        var folder = BlobLayout.Model(line, pointer.Version);
        if (await blobs.TryReadJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation) is not { Value: var model })
            return [$"production.json of {line} points to version {pointer.Version}, which has no model.json"];
        return await HashAsync(folder + BlobLayout.WeightsFile, cancellation) == model.Weights ? [] : [$"{folder}{BlobLayout.WeightsFile} is not what its model.json says"];
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var content = await blobs.OpenReadAsync(path, cancellation);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }
}
