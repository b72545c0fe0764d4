using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;

namespace VerSemi.Orchestrator.Api;

/// <summary>What candidates and champions did on sealed cases, case by case, with the voxels.</summary>
internal static class EvaluationsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{id}/evaluations", ListAsync).NeedsRole(Role.Viewer).Described("listEvaluations", "Evaluations of a run on the sealed cases");
        api.MapGet("/runs/{id}/evaluations/{name}/cases", CasesAsync).NeedsRole(Role.Viewer).Described("listEvaluatedCases", "Cases of an evaluation, the worst first");
        api.MapGet("/runs/{id}/evaluations/{name}/cases/{dataset}/{case}", CaseAsync).NeedsRole(Role.Viewer).Described("getEvaluatedCase", "A case of an evaluation, for a viewer");
        api.MapGet("/runs/{id}/evaluations/{name}/cases/{dataset}/{case}/{file}", FileAsync).NeedsRole(Role.Viewer).Audited("look at volume").Described("getEvaluatedFile", "A case's image.nii.gz, truth.nii.gz or prediction.nii.gz").Produces<Stream>(200, Volumes.Gzip);
    }

    private static async Task<List<EvaluationView>> ListAsync(string id, Evaluations evaluations, CancellationToken cancellation)
    {
        await evaluations.SpecificationAsync(id, cancellation);
        var views = new List<EvaluationView>();
        foreach (var name in Evaluations.Names)
            if (await evaluations.TryReadAsync(id, name, cancellation) is { } report)
                views.Add(new EvaluationView(
                    name, report.Model, report.Scores.Select(score => (score.Dataset, score.Case)).Distinct().Count(), report.Tasks.ToDictionary(task => task, report.MeanDice)));
        return views;
    }

    private static async Task<List<EvaluatedCaseView>> CasesAsync(
        string id, string name, HttpContext http, Evaluations evaluations, CancellationToken cancellation, string? task = null, int? limit = null, string? after = null) =>
        [.. Pages.Of(http, await WorstFirstAsync(id, name, evaluations, task, cancellation), view => $"{view.Dataset}/{view.Case}", limit, after)];

    public static async Task<List<EvaluatedCaseView>> WorstFirstAsync(string id, string name, Evaluations evaluations, string? task, CancellationToken cancellation)
    {
        var (run, report) = (await evaluations.SpecificationAsync(id, cancellation), await evaluations.ReadAsync(id, name, cancellation));
        if (task is not null && !report.Tasks.Contains(task))
            throw new UnknownNameException($"The evaluation has no task '{task}'. It has: {string.Join(", ", report.Tasks)}.");
        var predictions = await evaluations.PredictionsAsync(id, name, cancellation);
        var views = new List<EvaluatedCaseView>();
        foreach (var scores in report.Scores.GroupBy(score => (score.Dataset, score.Case)))
            if (task is null || scores.Any(score => score.Task == task))
                views.Add(View(scores.Key, [.. scores], task, await HasAsync(evaluations, run, name, scores.Key, predictions, cancellation)));
        return [.. views.OrderBy(view => view.Dice).ThenBy(view => view.Dataset, StringComparer.Ordinal).ThenBy(view => view.Case, StringComparer.Ordinal)];
    }

    public static async Task<EvaluatedCaseDetail> CaseAsync(
        string id, string name, string dataset, string @case, Evaluations evaluations, CancellationToken cancellation)
    {
        var (run, report) = (await evaluations.SpecificationAsync(id, cancellation), await evaluations.ReadAsync(id, name, cancellation));
        var (manifest, _) = await evaluations.CaseAsync(run, dataset, @case, cancellation);
        var scores = report.Scores.Where(score => score.Dataset == dataset && score.Case == @case).ToList();
        var has = await HasAsync(evaluations, run, name, (dataset, @case), await evaluations.PredictionsAsync(id, name, cancellation), cancellation);
        string Address(string file) => Routes.EvaluatedFile(id, name, dataset, @case, file);
        return new EvaluatedCaseDetail(
            View((dataset, @case), scores, null, has), manifest.Modality, Address("image.nii.gz"), Address("truth.nii.gz"), has ? Address("prediction.nii.gz") : null,
            [.. manifest.Labels.Select(label => new LabelValueView(label.Value, run.LabelSpace.Find(label.TaskId)?.Id ?? label.TaskId, label.Name))],
            [.. run.LabelSpace.ActiveTasks.Select(task => new LabelValueView(task.Column + 1, task.Id, task.Name))]);
    }

    private static async Task<IResult> FileAsync(
        string id, string name, string dataset, string @case, string file, HttpContext http, Evaluations evaluations, Volumes volumes, CancellationToken cancellation)
    {
        Evaluations.Require(name);
        var run = await evaluations.SpecificationAsync(id, cancellation);
        var (_, entry) = await evaluations.CaseAsync(run, dataset, @case, cancellation);
        return file switch
        {
            "image.nii.gz" => await volumes.VoxelsAsync(http, dataset, entry.Image, cancellation),
            "truth.nii.gz" => await volumes.VoxelsAsync(http, dataset, entry.Label!, cancellation),
            "prediction.nii.gz" => await PredictionAsync(id, name, BlobLayout.Prediction(id, name, dataset, entry.Image), $"{id}-{name}-{entry.Image}", http, evaluations, volumes, cancellation)
                ?? throw await NoPredictionAsync(volumes, dataset, entry.Image, id, cancellation),
            _ => throw new UnknownNameException($"A case has no '{file}': it has image.nii.gz, truth.nii.gz and prediction.nii.gz."),
        };
    }

    private static async Task<IResult?> PredictionAsync(
        string id, string name, string path, string tag, HttpContext http, Evaluations evaluations, Volumes volumes, CancellationToken cancellation)
    {
        var recorded = (await evaluations.ReadAsync(id, name, cancellation)).LabelMaps?.GetValueOrDefault(path);
        return recorded is null ? null : await volumes.PredictionAsync(http, path, tag, recorded, cancellation);
    }

    private static async Task<DomainException> NoPredictionAsync(Volumes volumes, string dataset, string image, string run, CancellationToken cancellation) =>
        await volumes.WithdrawnAsync(dataset, image, cancellation) as DomainException
        ?? new UnknownNameException($"No label map of this case was kept with run '{run}': it was evaluated before they were, or its retention is over.");

    private static async Task<bool> HasAsync(
        Evaluations evaluations, RunSpecification run, string name, (string Dataset, string Case) named, HashSet<string> predictions, CancellationToken cancellation) =>
        predictions.Count > 0 && predictions.Contains(
            BlobLayout.Prediction(run.Run, name, named.Dataset, (await evaluations.CaseAsync(run, named.Dataset, named.Case, cancellation)).Entry.Image));

    private static EvaluatedCaseView View((string Dataset, string Case) named, IReadOnlyList<CaseScore> scores, string? task, bool hasPrediction) => new(
        named.Dataset, named.Case, scores.Where(score => task is null || score.Task == task).Select(score => score.Dice).DefaultIfEmpty(double.NaN).Average(), scores, hasPrediction);
}
