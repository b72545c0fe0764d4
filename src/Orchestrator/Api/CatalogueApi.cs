using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

/// <summary>Datasets and tasks.</summary>
internal static class CatalogueApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/datasets", async (HttpContext http, OrchestratorDb db, CancellationToken cancellation, int? limit = null, string? after = null) =>
            Pages.Of(http, await DatasetsAsync(db, cancellation), dataset => dataset.Name, limit, after)).NeedsRole(Role.Viewer).Described("listDatasets", "Datasets in their newest versions");
        api.MapGet("/datasets/{name}", DatasetAsync).NeedsRole(Role.Viewer).Described("getDataset", "A dataset and its manifest");
        api.MapGet("/tasks", async (OrchestratorDb db, LabelSpaces spaces, Production production, CancellationToken cancellation, string line = "main") =>
            await TasksAsync(line, db, spaces, production, cancellation)).NeedsRole(Role.Viewer).Described("listTasks", "Tasks of a line's label space");
        api.MapPost("/tasks/merge", MergeAsync).NeedsRole(Role.Approver).Described("mergeTasks", "Says that a task is only another name of one");
    }

    public static async Task<List<DatasetView>> DatasetsAsync(OrchestratorDb db, CancellationToken cancellation) =>
        [.. (await db.Datasets.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellation)).Select(View)];

    public static async Task<DatasetDetail> DatasetAsync(string name, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        var row = await db.Datasets.AsNoTracking().FirstOrDefaultAsync(dataset => dataset.Name == name, cancellation)
            ?? throw new UnknownNameException($"There is no dataset '{name}'. `versemi datasets` lists them.");
        var manifest = await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(row.Name, row.Version), DomainJson.Readable, cancellation);
        return new DatasetDetail(View(row), manifest);
    }

    private static async Task<List<TaskView>> MergeAsync(
        MergeTasks request, OrchestratorDb db, LabelSpaces spaces, LineRecipes recipes, Production production, CancellationToken cancellation)
    {
        recipes.Of(request.Line);
        await spaces.MergeAsync(request.Line, request.From, request.Into, Problems.RequireWho(request.Who), request.Why, cancellation);
        return await TasksAsync(request.Line, db, spaces, production, cancellation);
    }

    public static async Task<List<TaskView>> TasksAsync(
        string line, OrchestratorDb db, LabelSpaces spaces, Production production, CancellationToken cancellation)
    {
        var space = await spaces.NewestAsync(line, cancellation);
        var datasets = await db.Datasets.AsNoTracking().ToListAsync(cancellation);
        var current = await production.CurrentAsync(line, cancellation);
        var model = current is null ? null : await db.Models.AsNoTracking().FirstAsync(row => row.Line == line && row.Version == current.Version, cancellation);
        return [.. space.Tasks.Select(task => new TaskView(
            task.Id, task.Name, task.Modality, task.Column, task.MergedInto,
            [.. datasets.Where(dataset => dataset.Tasks.Contains(task.Id)).Select(dataset => dataset.Name)],
            model is not null && model.TaskDice.TryGetValue(task.Id, out var dice) ? dice : null))];
    }

    public static DatasetView View(DatasetRow row) => new(
        row.Name, row.Title, row.Modality, row.Version, row.Generation, row.Drop, row.CommittedAt,
        row.Training, row.Validation, row.Test, row.Unlabelled, row.Tasks);
}
