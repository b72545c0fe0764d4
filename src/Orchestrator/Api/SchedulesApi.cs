using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Schedules;

namespace VerSemi.Orchestrator.Api;

/// <summary>Cron schedules, and what fired or did not.</summary>
internal static class SchedulesApi
{
    private const int Upcoming = 5;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", async (HttpContext http, OrchestratorDb db, CancellationToken cancellation, int? limit = null, string? after = null) =>
            Pages.Of(http, await ListAsync(db, cancellation), schedule => schedule.Name, limit, after)).NeedsRole(Role.Viewer).Described("listSchedules", "Cron schedules");
        api.MapGet("/schedules/{name}", DetailAsync).NeedsRole(Role.Viewer).Described("getSchedule", "A schedule with its firings");
        api.MapPost("/schedules", AddAsync).NeedsRole(Role.Operator).Described("addSchedule", "Makes a schedule").Produces<ScheduleView>(201);
        api.MapDelete("/schedules/{name}", async (string name, [AsParameters] HumanQuery act, ScheduleBook book, CancellationToken cancellation) =>
        {
            await book.RemoveAsync(name, Problems.RequireWho(act.Who), act.Why, cancellation);
            return Results.NoContent();
        }).NeedsRole(Role.Operator).Described("removeSchedule", "Removes a schedule").Produces(204);
        MapPause(api, "pause", paused: true);
        MapPause(api, "resume", paused: false);
        api.MapGet("/firings", (OrchestratorDb db, CancellationToken cancellation, string? schedule = null, string? line = null) =>
            FiringsAsync(db.Firings.Where(row => (schedule == null || row.Schedule == schedule) && (line == null || row.Line == line)), 100, cancellation)).NeedsRole(Role.Viewer).Described("listFirings", "What fired or did not, and why");
    }

    private static void MapPause(IEndpointRouteBuilder api, string verb, bool paused) =>
        api.MapPost($"/schedules/{{name}}/{verb}", async (string name, HumanAct act, ScheduleBook book, OrchestratorDb db, CancellationToken cancellation) =>
            View(await book.PauseAsync(name, paused, Problems.RequireWho(act.Who), act.Why, cancellation), db.Clock.Now)).NeedsRole(Role.Operator).Described($"{verb}Schedule", $"A person's word on a schedule: {verb}");

    public static async Task<List<ScheduleView>> ListAsync(OrchestratorDb db, CancellationToken cancellation) =>
        [.. (await db.Schedules.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellation)).Select(row => View(row, db.Clock.Now))];

    private static async Task<ScheduleDetail> DetailAsync(string name, ScheduleBook book, OrchestratorDb db, CancellationToken cancellation)
    {
        var row = await book.FindAsync(name, cancellation);
        return new ScheduleDetail(
            View(row, db.Clock.Now),
            await FiringsAsync(db.Firings.Where(firing => firing.Schedule == name), 50, cancellation),
            await CyclesApi.TimelineAsync(db, "schedule", name, cancellation));
    }

    private static async Task<IResult> AddAsync(NewSchedule request, ScheduleBook book, OrchestratorDb db, CancellationToken cancellation)
    {
        var wanted = new ScheduleOptions
        {
            Line = request.Line,
            Cron = request.Cron ?? "",
            TimeZone = request.TimeZone,
            Overlap = request.Overlap,
            CatchUp = request.CatchUp,
            Jitter = TimeSpan.FromSeconds(request.JitterSeconds),
        };
        var row = await book.AddAsync(request.Name ?? "", wanted, Problems.RequireWho(request.Who), request.Why, cancellation);
        return Results.Created(Routes.Schedule(row.Name), View(row, db.Clock.Now));
    }

    public static Task<List<FiringView>> FiringsAsync(IQueryable<FiringRow> rows, int most, CancellationToken cancellation) =>
        rows.OrderByDescending(row => row.Id).Take(most)
            .Select(row => new FiringView(row.Schedule, row.Line, row.ScheduledFor, row.At, row.Fired, row.Reason, row.Cycle)).ToListAsync(cancellation);

    private static ScheduleView View(ScheduleRow row, DateTimeOffset now)
    {
        var table = Timetable.Of(row);
        return new ScheduleView(
            row.Name, row.Line, row.Cron, row.TimeZone, row.Overlap, row.CatchUp, row.JitterSeconds, row.Paused, row.PausedBy, row.Origin,
            row.LastFired, [.. table.After(now).Take(Upcoming).Select(table.Due)]);
    }
}
