using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Api;

internal static class StatusApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/status", StatusAsync).NeedsRole(Role.Viewer).Described("getStatus", "What is going on: lines, drops on their way, trouble");

    public static async Task<StatusView> StatusAsync(
        OrchestratorDb db, Drops drops, Production production, LineRecipes recipes, Trouble trouble, CancellationToken cancellation)
    {
        var datasets = await db.Datasets.AsNoTracking().ToListAsync(cancellation);
        // None of these has its report, and so none is in a cycle yet.
        var open = (await drops.ListAsync(cancellation)).Where(drop => drop.State is DropState.Receiving or DropState.Waiting);
        var lines = new List<LineView>();
        foreach (var line in recipes.Lines)
        {
            var last = await db.Cycles.AsNoTracking().Where(cycle => cycle.Line == line).OrderByDescending(cycle => cycle.Number).FirstOrDefaultAsync(cancellation);
            var run = last?.Run is { } id ? await RunsApi.FindAsync(db, id, cancellation) : null;
            var current = await production.CurrentAsync(line, cancellation);
            var pending = datasets.Where(dataset => last?.Datasets.GetValueOrDefault(dataset.Name) != dataset.Version).Select(dataset => $"{dataset.Name}/{dataset.Version}").ToList();
            lines.Add(new LineView(
                line, recipes.Of(line).Name, current is null ? null : new ProductionPointer(current.Generation, current.Version), last?.View(), run, pending,
                pending.Count > 0 && (last is null || CycleStates.IsFinal(last.State)) ? await WaitingAsync(db, line, cancellation) : null));
        }
        return new StatusView(db.Clock.Now, lines, [.. open.Select(drop => drop.View(null))], datasets.Count, trouble.Now, Environment.MachineName, Environment.ProcessId);
    }

    /// <summary>The data trigger's last word, where it was a no.</summary>
    private static async Task<string?> WaitingAsync(OrchestratorDb db, string line, CancellationToken cancellation) =>
        await db.Firings.AsNoTracking().Where(row => row.Schedule == DataTrigger.Name && row.Line == line).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellation)
            is { Fired: false } no ? no.Reason : null;
}
