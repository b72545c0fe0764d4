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
        }).NeedsRole(Role.Admin);
        api.MapGet("/withdrawals", async (OrchestratorDb db, CancellationToken cancellation) =>
            (await db.Withdrawals.AsNoTracking().OrderByDescending(row => row.CreatedAt).ToListAsync(cancellation)).Select(View).ToList()).NeedsRole(Role.Viewer);
        api.MapGet("/withdrawals/{id}", async (string id, OrchestratorDb db, CancellationToken cancellation) =>
            View(await db.Withdrawals.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation)
                ?? throw new UnknownNameException($"There is no withdrawal '{id}'. `versemi withdrawals` lists them."))).NeedsRole(Role.Viewer);
        api.MapPost("/gc", (CollectGarbage request, GarbageCollection garbage, CancellationToken cancellation) => garbage.CollectAsync(request.DryRun, cancellation)).NeedsRole(Role.Admin);
    }

    private static WithdrawalView View(WithdrawalRow row) => new(
        row.Id, row.Dataset, row.Case, row.Patient, row.Who, row.Why, row.CreatedAt, row.DoneAt, row.Erased, row.Models);
}
