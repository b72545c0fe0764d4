using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>Grows the line's label space by what the data brings, and writes down what is to be trained.</summary>
internal sealed class ExpandStep(OrchestratorDb db, IMessageBus bus, IBlobStore blobs, LabelSpaces spaces, Production production, RunSpecifications specifications, TakenDrops taken)
    : CycleStep<ExpandCycle>(db, bus)
{
    protected override async Task WorkAsync(Cycle cycle, CancellationToken cancellation)
    {
        var manifests = new List<DatasetManifest>();
        foreach (var (name, version) in cycle.Datasets)
            manifests.Add(await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, version), DomainJson.Readable, cancellation));
        if (!manifests.Any(CanTrain))
        {
            await AnswerAsync(new CycleUntrainable(cycle.Id, NothingToTrain(cycle)), cancellation);
            return;
        }
        var space = await spaces.GrowAsync(cycle.Line, manifests, cycle.Id, cancellation);
        var champion = (await production.CurrentAsync(cycle.Line, cancellation))?.Version;
        var candidates = new List<Candidate>();
        foreach (var candidate in cycle.AllCandidates())
        {
            var specification = await specifications.WriteOnceAsync(RunSpecifications.Of(cycle, candidate, space, champion), cancellation);
            champion = specification.Champion;
            candidates.Add(candidate with { Run = specification.Run });
        }
        await AnswerAsync(new CycleExpanded(cycle.Id, candidates[0].Run, space.Version, champion, [.. candidates.DistinctBy(candidate => candidate.Run)],
            await taken.OfAsync(cycle, cancellation)), cancellation);
    }

    private static bool CanTrain(DatasetManifest manifest) => manifest.Labels.Count > 0 && manifest.In(Split.Training).Any(entry => entry.Label is not null);

    private static string NothingToTrain(Cycle cycle) =>
        $"None of {string.Join(", ", cycle.Datasets.Keys.DefaultIfEmpty("no dataset"))} has a labelled training case: there is no task to train. Drop a labelled dataset.";
}
