using System.Collections.Concurrent;
using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit.Reference;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>What the tiny trainer's models are worth, and what goes wrong. Shared by all hosts of a test.</summary>
public sealed class TrainerScript
{
    /// <summary>Dice of a run's candidate on a task.</summary>
    public Func<RunSpecification, string, double> Candidate { get; set; } = (_, _) => 0.8;

    /// <summary>Mean Dice of a run's candidate on validation; null: there are no validation cases.</summary>
    public Func<RunSpecification, double?> Validation { get; set; } = _ => null;

    /// <summary>Predictions that collapsed during a run's training.</summary>
    public IReadOnlyList<CollapseAlarm> Alarms { get; set; } = [];

    /// <summary>Dice of the champion on a task.</summary>
    public double Champion { get; set; } = 0.7;

    /// <summary>Called before the work; what it throws fails the attempt.</summary>
    public Func<LeaseAnswer, CancellationToken, Task> BeforeWork { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>False: the worker does its work and dies without a word.</summary>
    public Func<LeaseAnswer, bool> SaysEnd { get; set; } = _ => true;
    public FailureKind Failure { get; set; } = FailureKind.Code;
    public ConcurrentBag<(string Run, int Attempt, WorkKind Work)> Leases { get; } = [];
}

/// <summary>Writes the blobs that a trainer writes; learns nothing.</summary>
internal sealed class TinyWork(IBlobStore blobs, TrainerScript script)
{
    public async Task DoAsync(LeaseAnswer lease, CancellationToken cancellation)
    {
        var specification = await blobs.ReadJsonAsync<RunSpecification>(BlobLayout.RunSpecification(lease.Run), DomainJson.Readable, cancellation);
        if (lease.Work == WorkKind.Train)
            await TrainAsync(specification, lease.Attempt, cancellation);
        else
            await EvaluateAsync(specification, cancellation);
    }

    private async Task TrainAsync(RunSpecification run, int attempt, CancellationToken cancellation)
    {
        var folder = BlobLayout.AttemptModel(run.Run, attempt);
        var weights = WeightsOf(run);
        var modalities = (await ManifestsAsync(run, cancellation)).Select(manifest => manifest.Modality).Distinct();
        using var content = new MemoryStream(weights);
        await blobs.WriteAsync(folder + BlobLayout.WeightsFile, content, cancellation: cancellation);
        await blobs.WriteJsonAsync(folder + BlobLayout.ModelFile, new ModelManifest
        {
            LabelSpace = run.LabelSpace,
            LabelSpaceHash = run.LabelSpace.Hash,
            Recipe = run.Recipe with { Width = PlainWeights.Width },
            Preprocessing = [.. modalities.Select(modality => new ModalityPreprocessing(modality, [1, 1, 1], IntensityRule.PercentileZScore, 0, 100))],
            Lineage = new ModelLineage(run.Run, attempt, run.Champion is null ? null : $"{run.Line}/{run.Champion}", [.. run.Datasets.Select(d => d.ToString())], run.Seed),
            Weights = Convert.ToHexStringLower(SHA256.HashData(weights)),
        }, DomainJson.Readable, cancellation: cancellation);
        await blobs.WriteJsonAsync(BlobLayout.AttemptResult(run.Run, attempt), new TrainingResult(run.Run, attempt, 1, 1, 0, ValidationOf(run)) { Alarms = script.Alarms }, DomainJson.Readable, cancellation: cancellation);
    }

    private static byte[] WeightsOf(RunSpecification run) =>
        PlainWeights.Of(run.LabelSpace.Columns, seed: Convert.ToInt32(ContentHash.OfText(run.Run)[..7], 16), run.Recipe.Norm);

    private Dictionary<string, double> ValidationOf(RunSpecification run) =>
        script.Validation(run) is { } dice ? run.LabelSpace.Tasks.ToDictionary(task => task.Id, _ => dice) : [];

    private async Task EvaluateAsync(RunSpecification run, CancellationToken cancellation)
    {
        var manifests = await ManifestsAsync(run, cancellation);
        if (run.Champion is { } champion)
        {
            var model = await blobs.ReadJsonAsync<ModelManifest>(BlobLayout.Model(run.Line, champion) + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
            var known = model.LabelSpace.ActiveTasks.Select(task => task.Id).ToHashSet();
            var champions = await PredictAsync(run.Run, "champion", manifests, cancellation);
            var read = model.Preprocessing.Select(rule => rule.Modality).ToHashSet();
            await WriteAsync(BlobLayout.ChampionReport(run.Run), Report($"{run.Line}/{champion}", run, manifests,
                (manifest, task) => known.Contains(task) && read.Contains(manifest.Modality) ? script.Champion : null) with
            { Weights = model.Weights, LabelMaps = champions }, cancellation);
        }
        var maps = await PredictAsync(run.Run, "candidate", manifests, cancellation);
        await WriteAsync(BlobLayout.CandidateReport(run.Run), Report($"candidate:{run.Run}", run, manifests, (_, task) => script.Candidate(run, task))
            with
        { Weights = ContentHash.Of(WeightsOf(run)), LabelMaps = maps }, cancellation);
    }

    private async Task<List<DatasetManifest>> ManifestsAsync(RunSpecification run, CancellationToken cancellation)
    {
        var manifests = new List<DatasetManifest>();
        foreach (var dataset in run.Datasets)
            manifests.Add(await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), DomainJson.Readable, cancellation));
        return manifests;
    }

    private async Task<Dictionary<string, string>> PredictAsync(string run, string name, List<DatasetManifest> manifests, CancellationToken cancellation)
    {
        var maps = new Dictionary<string, string>();
        foreach (var manifest in manifests)
            foreach (var entry in manifest.In(Split.Test))
            {
                var path = BlobLayout.Prediction(run, name, manifest.Name, entry.Image);
                await blobs.WriteTextAsync(path, $"{name}'s label map", cancellation: cancellation);
                maps[path] = ContentHash.OfText($"{name}'s label map");
            }
        return maps;
    }

    private static EvaluationReport Report(string model, RunSpecification run, List<DatasetManifest> manifests, Func<DatasetManifest, string, double?> dice)
    {
        var scores =
            from manifest in manifests
            from entry in manifest.In(Split.Test)
            from label in manifest.Labels
            let task = run.LabelSpace.Require(label.TaskId).Id
            let value = dice(manifest, task)
            where value is not null
            select new CaseScore(manifest.Name, entry.Id, task, value.Value, value.Value, null, null);
        var cases = manifests.SelectMany(manifest => manifest.In(Split.Test).Select(entry => $"{manifest.Name}/{entry.Id}")).ToList();
        return new EvaluationReport(model, run.LabelSpace.Hash, ContentHash.Of(cases), [.. scores]);
    }

    private async Task WriteAsync(string path, EvaluationReport report, CancellationToken cancellation) =>
        await blobs.WriteJsonAsync(path, report, DomainJson.Readable, cancellation: cancellation);
}
