using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Api;

/// <summary>Models, and the ledger of what was in production when and why.</summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/models", PageAsync).NeedsRole(Role.Viewer).Described("listModels", "Models, newest first");
        api.MapGet("/models/{line}/{version:int}", DetailAsync).NeedsRole(Role.Viewer).Described("getModel", "A model with its lineage, evaluation and verdict");
        api.MapPost("/models/{line}/{version:int}/promote",
            async (string line, int version, HumanAct act, ManualProduction production, CancellationToken cancellation) =>
                View(await production.PromoteAsync(line, version, Problems.RequireWho(act.Who), act.Why, cancellation))).NeedsRole(Role.Approver).Described("promoteModel", "Puts a model into production by a person's word");
        api.MapPost("/lines/{line}/rollback",
            async (string line, RollBack request, ManualProduction production, CancellationToken cancellation) =>
                View(await production.RollBackAsync(line, request.To, Problems.RequireWho(request.Who), request.Why, cancellation))).NeedsRole(Role.Approver).Described("rollBack", "The model before, live again");
        api.MapGet("/lines/{line}/forgetting", (string line, ForgettingHistory history, CancellationToken cancellation) => history.OfLineAsync(line, cancellation)).NeedsRole(Role.Viewer).Described("getForgetting", "What each model of a line still knows of each task");
        api.MapGet("/ledger", async (HttpContext http, OrchestratorDb db, CancellationToken cancellation, string? line = null, int? limit = null, string? after = null) =>
            Pages.Of(http, await LedgerAsync(db.Ledger.Where(row => line == null || row.Line == line), cancellation), row => $"{row.Line}/{row.Generation}", limit, after).Select(View).ToList()).NeedsRole(Role.Viewer).Described("listLedger", "What was in production when, and why");
    }

    /// <summary>By line, newest first.</summary>
    private static async Task<List<ModelView>> PageAsync(
        HttpContext http, OrchestratorDb db, CancellationToken cancellation, string? line = null, int? limit = null, string? after = null) =>
        [.. Pages.Of(http, await ListAsync(db, cancellation, line), model => $"{model.Line}/{model.Version}", limit, after)];

    public static async Task<List<ModelView>> ListAsync(OrchestratorDb db, CancellationToken cancellation, string? line = null)
    {
        var current = await CurrentAsync(db, cancellation);
        var models = await db.Models.AsNoTracking().Where(model => model.Ready && (line == null || model.Line == line)).ToListAsync(cancellation);
        return [.. models.OrderBy(model => model.Line, StringComparer.Ordinal).ThenByDescending(model => model.Version).Select(model => View(model, current))];
    }

    /// <summary>The version in production by line; only these two columns: a ledger's row holds a whole judgement.</summary>
    private static async Task<Dictionary<string, int>> CurrentAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var newest = db.Ledger.GroupBy(row => row.Line).Select(rows => new { Line = rows.Key, Generation = rows.Max(row => row.Generation) });
        return await db.Ledger.Join(newest, row => new { row.Line, row.Generation }, one => one, (row, _) => new { row.Line, row.Version })
            .ToDictionaryAsync(row => row.Line, row => row.Version, cancellation);
    }

    public static async Task<ModelDetail> DetailAsync(string line, int version, OrchestratorDb db, Registry registry, CancellationToken cancellation)
    {
        var row = await FindAsync(line, version, db, cancellation);
        var contents = await registry.ReadAsync(line, version, cancellation);
        var own = await LedgerAsync(db.Ledger.Where(entry => entry.Line == line && entry.Version == version), cancellation);
        return new ModelDetail(
            View(row, await CurrentAsync(db, cancellation)), contents.Manifest, contents.Evaluation, own.FirstOrDefault(entry => entry.Judgement is not null)?.Judgement, [.. own.Select(View)]);
    }

    public static async Task<ModelRow> FindAsync(string line, int version, OrchestratorDb db, CancellationToken cancellation) =>
        await db.Models.AsNoTracking().FirstOrDefaultAsync(model => model.Line == line && model.Version == version && model.Ready, cancellation)
        ?? throw new UnknownNameException($"There is no model {line}/{version}. `versemi models` lists them.");

    public static async Task<ModelView> ViewAsync(ModelRow row, OrchestratorDb db, CancellationToken cancellation) => View(row, await CurrentAsync(db, cancellation));

    /// <summary>Newest first.</summary>
    public static async Task<List<LedgerRow>> LedgerAsync(IQueryable<LedgerRow> rows, CancellationToken cancellation) =>
        await rows.AsNoTracking().OrderBy(row => row.Line).ThenByDescending(row => row.Generation).ToListAsync(cancellation);

    private static ModelView View(ModelRow model, Dictionary<string, int> current) => new(
        model.Line, model.Version, current.TryGetValue(model.Line, out var version) && version == model.Version, model.Run, model.Cycle, model.Parent,
        model.Datasets, model.Tasks, model.MeanDice, model.CreatedAt);

    public static LedgerView View(LedgerRow row) => new(
        row.Line, row.Generation, row.Version, row.Kind, row.Who, row.Why, row.At, row.Cycle, row.SealedSetUses, row.Judgement);
}
