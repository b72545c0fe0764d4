using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Api;

internal static class CyclesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/cycles", ListAsync).NeedsRole(Role.Viewer).Described("listCycles", "Cycles, newest first");
        api.MapGet("/cycles/{id}", DetailAsync).NeedsRole(Role.Viewer).Described("getCycle", "A cycle with its judgement and timeline");
        api.MapPost("/cycles", StartAsync).NeedsRole(Role.Operator).Described("startCycle", "Starts a cycle on the datasets as they are").Produces<CycleView>(201).Produces<CycleView>(200);
        MapAct(api, "cancel", Role.Operator, (id, act) => new CancelCycle(id, act.Who, act.Why));
        MapAct(api, "approve", Role.Approver, (id, act) => new ApproveCycle(id, act.Who, act.Why));
        MapAct(api, "reject", Role.Approver, (id, act) => new RejectCycle(id, act.Who, act.Why));
        MapAct(api, "retry", Role.Operator, (id, act) => new RetryCycle(id, act.Who, act.Why));
    }

    private static void MapAct<T>(IEndpointRouteBuilder api, string verb, Role role, Func<string, HumanAct, T> message) where T : class, ICycleAct =>
        api.MapPost($"/cycles/{{id}}/{verb}", async (string id, HumanAct act, OrchestratorDb db, IMessageBus bus, CancellationToken cancellation) =>
        {
            Problems.RequireWho(act.Who);
            await FindAsync(db, id, cancellation);
            var answer = await bus.AskAsync<T, ActAnswer>(WorkflowQueues.Cycles, message(id, act), TimeSpan.FromSeconds(20), cancellation);
            return answer.Refusal is { } refusal
                ? throw new ConflictException(refusal)
                : Results.Accepted(Routes.Cycle(id), (await FindAsync(db, id, cancellation)).View());
        }).NeedsRole(role).Described($"{verb}Cycle", $"A person's word on a cycle: {verb}").Produces<CycleView>(202);

    private static async Task<IResult> StartAsync(StartCycle request, CycleStarter starter, CancellationToken cancellation)
    {
        Problems.RequireWho(request.Who);
        if (request.Recipe?.Validate() is { Count: > 0 } errors)
            throw new DomainException(string.Join(Environment.NewLine, errors));
        var (cycle, isNew) = await starter.StartAsync(request, cancellation);
        return isNew ? Results.Created(Routes.Cycle(cycle.Id), cycle.View()) : Results.Ok(cycle.View());
    }

    public static async Task<List<CycleView>> NewestAsync(OrchestratorDb db, int most, CancellationToken cancellation) =>
        [.. (await db.Cycles.AsNoTracking().OrderByDescending(cycle => cycle.CreatedAt).Take(most).ToListAsync(cancellation)).Select(View)];

    /// <summary>Newest first.</summary>
    private static async Task<List<CycleView>> ListAsync(
        HttpContext http, OrchestratorDb db, CancellationToken cancellation, string? line = null, string? state = null, int? limit = null, string? after = null)
    {
        var rows = db.Cycles.AsNoTracking().Where(cycle => (line == null || cycle.Line == line) && (state == null || cycle.State == state));
        if (after is not null)
        {
            var last = await db.Cycles.Where(cycle => cycle.Id == after).Select(cycle => new { cycle.CreatedAt }).FirstOrDefaultAsync(cancellation) ?? throw Pages.Unknown(after);
            rows = rows.Where(cycle => cycle.CreatedAt < last.CreatedAt || (cycle.CreatedAt == last.CreatedAt && string.Compare(cycle.Id, after) > 0));
        }
        rows = rows.OrderByDescending(cycle => cycle.CreatedAt).ThenBy(cycle => cycle.Id);
        var page = await (Pages.Size(limit) is { } size ? rows.Take(size + 1) : rows).ToListAsync(cancellation);
        return [.. Pages.Cut(http, page, cycle => cycle.Id, limit).Select(View)];
    }

    public static async Task<CycleDetail> DetailAsync(string id, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        var cycle = await FindAsync(db, id, cancellation);
        // For people only, as the plan and the cost of a run are: where they are damaged, the rest is shown without.
        var forgetting = cycle.Run is { } run ? (await blobs.InspectJsonAsync<ForgettingMatrix>(BlobLayout.ForgettingReport(run), DomainJson.Readable, cancellation)).Value : null;
        return new CycleDetail(cycle.View(), cycle.Recipe, cycle.Judgement, await TimelineAsync(db, cycle.Kind, id, cancellation), forgetting);
    }

    private static async Task<Cycle> FindAsync(OrchestratorDb db, string id, CancellationToken cancellation) =>
        await db.Cycles.AsNoTracking().FirstOrDefaultAsync(cycle => cycle.Id == id, cancellation)
        ?? throw new UnknownNameException($"There is no cycle '{id}'. `versemi cycles` lists them.");

    public static async Task<List<TimelineView>> TimelineAsync(OrchestratorDb db, string kind, string subject, CancellationToken cancellation) =>
        await db.Timeline.Where(row => row.Kind == kind && row.Subject == subject).OrderBy(row => row.Id)
            .Select(row => new TimelineView(row.At, row.Event, row.From, row.To, row.Detail, row.Who)).ToListAsync(cancellation);

    public static CycleView View(this Cycle cycle) => new(
        cycle.Id, cycle.Line, cycle.Number, cycle.State, cycle.Reason, [.. cycle.Datasets.Select(dataset => $"{dataset.Key}/{dataset.Value}")],
        cycle.Recipe.Name, cycle.Seed, cycle.LabelSpace, cycle.Run, cycle.Champion, cycle.Model, cycle.Generation, cycle.StartedBy,
        cycle.CreatedAt, cycle.UpdatedAt,
        [.. cycle.AllCandidates().Select(candidate => new CandidateView(candidate.Run, candidate.Recipe.Name, candidate.Seed, candidate.Dice, candidate.End, candidate.Reason))],
        cycle.TraceParent, cycle.Drops);
}
