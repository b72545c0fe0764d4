using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>All that the overview shows, in few statements: it is looked at again at every change.</summary>
internal sealed record OverviewQuery(
    StatusView Status, IReadOnlyDictionary<string, List<TaskView>> Tasks, IReadOnlyDictionary<string, LedgerView> Production, IReadOnlyList<DatasetView> Newest,
    IReadOnlyList<CycleView> AwaitingApproval)
{
    private const int Few = 5;

    public static async Task<OverviewQuery> AskAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<OrchestratorDb>();
        var production = services.GetRequiredService<Production>();
        var status = await StatusApi.StatusAsync(
            db, services.GetRequiredService<Drops>(), production, services.GetRequiredService<LineRecipes>(), services.GetRequiredService<Trouble>(), cancellation);
        var tasks = new Dictionary<string, List<TaskView>>();
        var ledger = new Dictionary<string, LedgerView>();
        foreach (var line in status.Lines)
        {
            tasks[line.Line] = await CatalogueApi.TasksAsync(line.Line, db, services.GetRequiredService<LabelSpaces>(), production, cancellation);
            if (line.Production is { } now && await db.Ledger.AsNoTracking().FirstOrDefaultAsync(row => row.Line == line.Line && row.Generation == now.Generation, cancellation) is { } row)
                ledger[line.Line] = ModelsApi.View(row);
        }
        var newest = (await db.Datasets.AsNoTracking().ToListAsync(cancellation)).OrderByDescending(row => row.CommittedAt).Take(Few).Select(CatalogueApi.View).ToList();
        var asked = await db.Cycles.AsNoTracking().Where(cycle => cycle.State == CycleStates.AwaitingApproval).ToListAsync(cancellation);
        return new OverviewQuery(status, tasks, ledger, newest, [.. asked.Select(cycle => cycle.View())]);
    }
}
