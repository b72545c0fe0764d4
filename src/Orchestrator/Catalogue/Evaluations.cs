using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>What a run's candidate, and the champion beside it, did on the sealed cases: a report, and a label map a case.</summary>
internal sealed class Evaluations(IBlobStore blobs, Manifests manifests)
{
    public static IReadOnlyList<string> Names { get; } = ["candidate", "champion"];

    public async Task<EvaluationReport?> TryReadAsync(string run, string name, CancellationToken cancellation) =>
        (await blobs.TryReadJsonAsync<EvaluationReport>(BlobLayout.Evaluation(run, Require(name)), DomainJson.Readable, cancellation))?.Value;

    /// <exception cref="UnknownNameException">It was not evaluated, or not yet.</exception>
    public async Task<EvaluationReport> ReadAsync(string run, string name, CancellationToken cancellation) =>
        await TryReadAsync(run, name, cancellation)
        ?? throw new UnknownNameException($"Run '{run}' has no evaluation '{name}': it is not evaluated yet, or there was no champion. GET {Api.Routes.Evaluations(run)} lists what there is.");

    public async Task<RunSpecification> SpecificationAsync(string run, CancellationToken cancellation) =>
        (await blobs.TryReadJsonAsync<RunSpecification>(BlobLayout.RunSpecification(run), DomainJson.Readable, cancellation))?.Value
        ?? throw new UnknownNameException($"There is no run '{run}'. `versemi runs` lists them.");

    /// <summary>The case as the run's dataset version has it.</summary>
    public async Task<(DatasetManifest Dataset, CaseEntry Entry)> CaseAsync(RunSpecification run, string dataset, string caseId, CancellationToken cancellation)
    {
        if (run.Datasets.FirstOrDefault(one => one.Name == dataset) is { } version
            && await manifests.ReadAsync(version.Name, version.Version, cancellation) is var manifest
            && manifest.In(Split.Test).FirstOrDefault(entry => entry.Id == caseId) is { } found)
            return (manifest, found);
        throw new UnknownNameException($"Run '{run.Run}' has no sealed case '{dataset}/{caseId}'. GET {Api.Routes.EvaluatedCases(run.Run, Names[0])} lists them.");
    }

    /// <summary>Paths of the label maps that there are.</summary>
    public async Task<HashSet<string>> PredictionsAsync(string run, string name, CancellationToken cancellation)
    {
        var paths = new HashSet<string>();
        await foreach (var blob in blobs.ListAsync(BlobLayout.Predictions(run, Require(name)), cancellation))
            paths.Add(blob.Path);
        return paths;
    }

    public static string Require(string name) => Names.Contains(name) ? name
        : throw new UnknownNameException($"There is no evaluation '{name}': there are {string.Join(" and ", Names)}.");
}
