using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Api;

/// <summary>Which cycle took a dataset version or a drop, for lists of drops: only the columns that say so are read.</summary>
internal sealed class CyclesOfVersions
{
    public sealed record Taking(string Id, int Number, string State, string? Reason, SortedDictionary<string, string> Datasets, List<string>? Drops);

    private readonly Dictionary<(string Dataset, string Version), Taking> _newest = [];
    private readonly Dictionary<string, Taking> _ofDrops = new(StringComparer.Ordinal);

    public static async Task<CyclesOfVersions> ReadAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var all = new CyclesOfVersions();
        foreach (var cycle in await db.Cycles.AsNoTracking().OrderBy(cycle => cycle.Number)
            .Select(cycle => new Taking(cycle.Id, cycle.Number, cycle.State, cycle.Reason, cycle.Datasets, cycle.Drops)).ToListAsync(cancellation))
        {
            foreach (var (dataset, version) in cycle.Datasets)
                all._newest[(dataset, version)] = cycle;
            foreach (var drop in cycle.Drops ?? [])
                all._ofDrops[drop] = cycle;
        }
        return all;
    }

    /// <summary>The newest with this version; of a version that another drop followed before any cycle took it, the newest that took the drop.</summary>
    public Taking? NewestWith(string dataset, string version, string drop) => _newest.GetValueOrDefault((dataset, version)) ?? _ofDrops.GetValueOrDefault(drop);
}
