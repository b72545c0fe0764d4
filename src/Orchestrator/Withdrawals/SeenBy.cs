using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Withdrawals;

/// <summary>Who has seen withdrawn images, from the manifests of the versions that models and cycles name: they stay, and hold hashes.</summary>
internal sealed class SeenBy(OrchestratorDb db, IBlobStore blobs)
{
    private readonly Dictionary<string, DatasetManifest?> _manifests = [];

    /// <summary>line/version of each model, with how: trained on, chosen by or judged on one of the images, or started from a model that was.</summary>
    public async Task<List<string>> ModelsAsync(IReadOnlySet<string> images, CancellationToken cancellation)
    {
        var models = await db.Models.AsNoTracking().Where(model => model.Ready).ToListAsync(cancellation);
        var cycles = await db.Cycles.AsNoTracking().Where(cycle => cycle.Champion != null).Select(cycle => new { cycle.Line, cycle.Champion, cycle.Datasets }).ToListAsync(cancellation);
        var (lines, seen) = (new List<string>(), new HashSet<string>());
        foreach (var model in models.OrderBy(model => model.Line, StringComparer.Ordinal).ThenBy(model => model.Version))
        {
            var splits = await SplitsAsync(model.Datasets, images, cancellation);
            // As the champion that candidates were compared with, on newer versions of the data.
            foreach (var cycle in cycles.Where(cycle => cycle.Line == model.Line && cycle.Champion == model.Version))
                splits.UnionWith((await SplitsAsync(Versions(cycle.Datasets), images, cancellation)).Where(split => split == Split.Test));
            var (name, ways) = ($"{model.Line}/{model.Version}", splits.Order().Select(Words).ToList());
            if (model.Parent is { } parent && seen.Contains(parent))
                ways.Add($"started from {parent}");
            if (ways.Count == 0)
                continue;
            // Validation and test leave nothing in the weights; training does, and whoever starts from them has it.
            if (splits.Contains(Split.Training) || ways[^1].StartsWith("started", StringComparison.Ordinal))
                seen.Add(name);
            lines.Add($"{name}: {string.Join(", ", ways)}");
        }
        return lines;
    }

    public async Task<bool> HoldsAnyAsync(IEnumerable<KeyValuePair<string, string>> datasets, IReadOnlySet<string> images, CancellationToken cancellation) =>
        (await SplitsAsync(Versions(datasets), images, cancellation)).Count > 0;

    private static IEnumerable<string> Versions(IEnumerable<KeyValuePair<string, string>> datasets) => datasets.Select(dataset => $"{dataset.Key}/{dataset.Value}");

    /// <summary>Where the images are in these versions; an unlabelled one is trained on.</summary>
    private async Task<HashSet<Split>> SplitsAsync(IEnumerable<string> versions, IReadOnlySet<string> images, CancellationToken cancellation)
    {
        var splits = new HashSet<Split>();
        foreach (var version in versions)
            if (await ManifestAsync(version, cancellation) is { } manifest)
                splits.UnionWith(manifest.Cases.Where(entry => images.Contains(entry.Image)).Select(entry => entry.Split ?? Split.Training));
        return splits;
    }

    private async Task<DatasetManifest?> ManifestAsync(string version, CancellationToken cancellation)
    {
        if (!_manifests.TryGetValue(version, out var manifest) && version.Split('/') is [var name, var hash])
            _manifests[version] = manifest = (await blobs.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, hash), DomainJson.Readable, cancellation))?.Value;
        return manifest;
    }

    private static string Words(Split split) => split switch
    {
        Split.Training => "trained on it",
        Split.Validation => "chosen by it",
        _ => "judged on it",
    };
}
