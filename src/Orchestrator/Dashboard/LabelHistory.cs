using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain.Labels;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>A line's tasks, and its label space as it grew.</summary>
/// <param name="Versions">Oldest first.</param>
internal sealed record LabelHistory(string Line, List<TaskView> Tasks, IReadOnlyList<LabelSpace> Versions)
{
    public IEnumerable<TaskView> Active => Tasks.Where(task => task.MergedInto is null);

    public static async Task<IReadOnlyList<LabelHistory>> ReadAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<OrchestratorDb>();
        var histories = new List<LabelHistory>();
        foreach (var line in services.GetRequiredService<LineRecipes>().Lines)
            histories.Add(new LabelHistory(
                line,
                await CatalogueApi.TasksAsync(line, db, services.GetRequiredService<LabelSpaces>(), services.GetRequiredService<Production>(), cancellation),
                [.. (await db.LabelSpaces.AsNoTracking().Where(row => row.Line == line).OrderBy(row => row.Version).ToListAsync(cancellation)).Select(row => row.Space)]));
        return histories;
    }
}
