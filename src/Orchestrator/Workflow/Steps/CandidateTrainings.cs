using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>How a candidate was trained, from what its run wrote.</summary>
internal sealed class CandidateTrainings(IBlobStore blobs, FinishedWork finished)
{
    /// <summary>Null where result or model cannot be read: a judgement rests on neither, and stands without advice.</summary>
    public async Task<CandidateTraining?> OfAsync(RunSpecification run, CancellationToken cancellation)
    {
        if (await finished.TrainedAttemptAsync(run.Run, cancellation) is not { } attempt
            || (await blobs.InspectJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run.Run, attempt), DomainJson.Readable, cancellation)).Value is not { } result
            || (await blobs.InspectJsonAsync<ModelManifest>(BlobLayout.AttemptModel(run.Run, attempt) + BlobLayout.ModelFile, DomainJson.Readable, cancellation)).Value is not { } model)
            return null;
        return new CandidateTraining(model.Recipe, model.Preprocessing, [.. run.LabelSpace.ActiveTasks], await LabelledCasesAsync(run, cancellation), result.Alarms);
    }

    private async Task<Dictionary<string, int>> LabelledCasesAsync(RunSpecification run, CancellationToken cancellation)
    {
        var cases = new Dictionary<string, int>();
        var manifests = new List<DatasetManifest>();
        foreach (var dataset in run.Datasets)
            manifests.Add(await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), DomainJson.Readable, cancellation));
        var annotations = new AnnotationMatrix(run.LabelSpace, manifests);
        foreach (var manifest in manifests)
            foreach (var task in annotations.TasksOf(manifest.Name))
                cases[task] = cases.GetValueOrDefault(task) + manifest.In(Split.Training).Count(entry => entry.Label is not null);
        return cases;
    }
}
