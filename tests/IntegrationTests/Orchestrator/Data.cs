using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Datasets as Ingest commits them: manifest, then head.</summary>
internal static class Data
{
    /// <param name="cases">Labelled cases; 8 of them are sealed test, the others training.</param>
    /// <param name="task">What the label marks; null: an organ of the dataset's own.</param>
    public static async Task<string> CommitAsync(
        IBlobStore blobs, string name, int cases = 12, int generation = 1, int unlabelled = 0, bool labelled = true, string drop = "drop", string modality = "MRI", string? task = null)
    {
        var entries = Enumerable.Range(0, labelled ? cases : 0).Select(i => Case($"case{i:00}", i < 8 ? Split.Test : Split.Training))
            .Concat(Enumerable.Range(0, unlabelled).Select(i => Case($"unlabelled{i:00}", null))).ToList();
        var manifest = new DatasetManifest
        {
            Name = name,
            Modality = modality,
            Labels = labelled ? [new LabelDeclaration(1, task ?? $"{name}/organ", "organ")] : [],
            Splits = new SplitRule(null, null, new Dictionary<string, Split>()),
            Cases = entries,
        };
        await blobs.WriteJsonAsync(BlobLayout.DatasetManifest(name, manifest.Version), manifest, DomainJson.Readable);
        await blobs.WriteJsonAsync(BlobLayout.DatasetHead(name), new DatasetHead(name, manifest.Version, generation, drop), DomainJson.Readable);
        return manifest.Version;
    }

    private static CaseEntry Case(string id, Split? split) =>
        new(id, id, split, ContentHash.OfText(id), split is null ? null : ContentHash.OfText($"label {id}"), [32, 32, 32], [1, 1, 1]);
}
