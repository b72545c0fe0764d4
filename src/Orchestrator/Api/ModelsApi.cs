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
        api.MapGet("/models", ListAsync).NeedsRole(Role.Viewer);
        api.MapGet("/models/{line}/{version:int}", DetailAsync).NeedsRole(Role.Viewer);
        api.MapPost("/models/import", ImportAsync).NeedsRole(Role.Admin);
        api.MapPost("/models/{line}/{version:int}/promote",
            async (string line, int version, HumanAct act, ManualProduction production, CancellationToken cancellation) =>
                View(await production.PromoteAsync(line, version, Problems.RequireWho(act.Who), act.Why, cancellation))).NeedsRole(Role.Approver);
        api.MapPost("/lines/{line}/rollback",
            async (string line, RollBack request, ManualProduction production, CancellationToken cancellation) =>
                View(await production.RollBackAsync(line, request.To, Problems.RequireWho(request.Who), request.Why, cancellation))).NeedsRole(Role.Approver);
        api.MapGet("/lines/{line}/forgetting", (string line, ForgettingHistory history, CancellationToken cancellation) => history.OfLineAsync(line, cancellation)).NeedsRole(Role.Viewer);
        api.MapGet("/ledger", async (OrchestratorDb db, CancellationToken cancellation) => (await LedgerAsync(db, cancellation)).Select(View).ToList()).NeedsRole(Role.Viewer);
    }

    public static async Task<List<ModelView>> ListAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var ledger = await LedgerAsync(db, cancellation);
        var models = await db.Models.AsNoTracking().Where(model => model.Ready).ToListAsync(cancellation);
        return [.. models.OrderBy(model => model.Line, StringComparer.Ordinal).ThenByDescending(model => model.Version).Select(model => View(model, ledger))];
    }

    public static async Task<ModelDetail> DetailAsync(string line, int version, OrchestratorDb db, Registry registry, CancellationToken cancellation)
    {
        var row = await db.Models.AsNoTracking().FirstOrDefaultAsync(model => model.Line == line && model.Version == version && model.Ready, cancellation)
            ?? throw new UnknownNameException($"There is no model {line}/{version}. `versemi models` lists them.");
        var contents = await registry.ReadAsync(line, version, cancellation);
        var ledger = await LedgerAsync(db, cancellation);
        var own = ledger.Where(entry => entry.Line == line && entry.Version == version).ToList();
        return new ModelDetail(
            View(row, ledger), contents.Manifest, contents.Evaluation, own.FirstOrDefault(entry => entry.Judgement is not null)?.Judgement, [.. own.Select(View)]);
    }

    private static async Task<IResult> ImportAsync(ImportModel request, Imports imports, OrchestratorDb db, CancellationToken cancellation)
    {
        Problems.RequireWho(request.Who);
        var (row, isNew) = await imports.AdoptAsync(request, cancellation);
        var view = View(row, await LedgerAsync(db, cancellation));
        return isNew ? Results.Created(Routes.Model(row.Line, row.Version), view) : Results.Ok(view);
    }

    /// <summary>Newest first.</summary>
    public static async Task<List<LedgerRow>> LedgerAsync(OrchestratorDb db, CancellationToken cancellation) =>
        await db.Ledger.AsNoTracking().OrderBy(row => row.Line).ThenByDescending(row => row.Generation).ToListAsync(cancellation);

    private static ModelView View(ModelRow model, List<LedgerRow> ledger) => new(
        model.Line, model.Version, ledger.FirstOrDefault(row => row.Line == model.Line)?.Version == model.Version, model.Run, model.Cycle, model.Parent,
        model.Datasets, model.Tasks, model.MeanDice, model.CreatedAt);

    public static LedgerView View(LedgerRow row) => new(
        row.Line, row.Generation, row.Version, row.Kind, row.Who, row.Why, row.At, row.Cycle, row.SealedSetUses, row.Judgement);
}
