using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Retention;
using VerSemi.Orchestrator.Withdrawals;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Api;

/// <summary>What must go: for whoever it is of, or for its age.</summary>
internal static class WithdrawalsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/withdrawals", async (Withdraw request, WithdrawalDesk desk, Sweep sweep, CancellationToken cancellation) =>
        {
            var row = await desk.TakeAsync(request, cancellation);
            sweep.Nudge();
            return Results.Accepted(Routes.Withdrawal(row.Id), View(row));
        }).NeedsRole(Role.Admin).Described("withdraw", "A case, or all of a patient, must go").Produces<WithdrawalView>(202);
        api.MapGet("/withdrawals", async (HttpContext http, OrchestratorDb db, CancellationToken cancellation, int? limit = null, string? after = null) =>
            Pages.Of(http, await db.Withdrawals.AsNoTracking().OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellation), row => row.Id, limit, after).Select(View).ToList()).NeedsRole(Role.Viewer).Described("listWithdrawals", "Withdrawals, newest first");
        api.MapGet("/withdrawals/{id}", async (string id, OrchestratorDb db, CancellationToken cancellation) =>
            View(await db.Withdrawals.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation)
                ?? throw new UnknownNameException($"There is no withdrawal '{id}'. `versemi withdrawals` lists them."))).NeedsRole(Role.Viewer).Described("getWithdrawal", "A withdrawal and what it erased");
        api.MapPost("/gc", (CollectGarbage request, GarbageCollection garbage, CancellationToken cancellation) => garbage.CollectAsync(request.DryRun, cancellation)).NeedsRole(Role.Admin).Described("collectGarbage", "Deletes what retention no longer keeps");
    }

    private static WithdrawalView View(WithdrawalRow row) => new(
        row.Id, row.Dataset, row.Case, row.Patient, row.Who, row.Why, row.CreatedAt, row.DoneAt, row.Erased, row.Models);
}
