using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Api;

/// <summary>Which cycle took a dataset version, for lists of drops: only the columns that say so are read.</summary>
internal sealed class CyclesOfVersions
{
    public sealed record Taking(string Id, int Number, string State, string? Reason, SortedDictionary<string, string> Datasets);

    private readonly Dictionary<(string Dataset, string Version), Taking> _newest = [];

    public static async Task<CyclesOfVersions> ReadAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var all = new CyclesOfVersions();
        foreach (var cycle in await db.Cycles.AsNoTracking().OrderBy(cycle => cycle.Number)
            .Select(cycle => new Taking(cycle.Id, cycle.Number, cycle.State, cycle.Reason, cycle.Datasets)).ToListAsync(cancellation))
            foreach (var (dataset, version) in cycle.Datasets)
                all._newest[(dataset, version)] = cycle;
        return all;
    }

    public Taking? NewestWith(string dataset, string version) => _newest.GetValueOrDefault((dataset, version));
}
