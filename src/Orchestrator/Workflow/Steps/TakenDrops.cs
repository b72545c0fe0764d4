using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>
/// Drops that are new in a cycle. A dataset's version says only which drop came last; the commits before it say which others
/// came since the line's last judged cycle. A cycle that failed or was cancelled took its drops in vain: they count again.
/// </summary>
internal sealed class TakenDrops(OrchestratorDb db, IBlobStore blobs)
{
    /// <summary>Commits of a dataset that are looked at, the newest first: more have come since a judged cycle only where a line is new to old data.</summary>
    private const int MostCommits = 100;

    private static readonly string[] Judged = [CycleStates.Completed, CycleStates.Rejected];

    /// <summary>In the order of their commits, dataset by dataset. A withdrawal commits, too, and is no drop.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(Cycle cycle, CancellationToken cancellation)
    {
        var before = await db.Cycles.AsNoTracking().Where(other => other.Line == cycle.Line && other.Number < cycle.Number && Judged.Contains(other.State))
            .OrderByDescending(other => other.Number).Select(other => other.Datasets).FirstOrDefaultAsync(cancellation);
        var drops = new List<string>();
        foreach (var (dataset, version) in cycle.Datasets)
            drops.AddRange(await SinceAsync(dataset, version, before?.GetValueOrDefault(dataset), cancellation));
        return [.. drops.Distinct()];
    }

    private async Task<IReadOnlyList<string>> SinceAsync(string dataset, string version, string? before, CancellationToken cancellation)
    {
        var drops = new List<string>();
        if (version == before || await db.Datasets.AsNoTracking().FirstOrDefaultAsync(row => row.Name == dataset, cancellation) is not { } newest)
            return drops;
        var reached = false;
        for (var generation = newest.Generation; generation > Math.Max(0, newest.Generation - MostCommits); generation--)
        {
            // A commit that cannot be read leaves its drop's name out, and no more.
            if ((await blobs.InspectJsonAsync<DatasetCommit>(BlobLayout.DatasetCommit(dataset, generation), DomainJson.Readable, cancellation)).Value is not { Head: var head })
                continue;
            if (head.Version == before)
                break;
            // What was committed after the cycle took its data is the next one's.
            reached |= head.Version == version;
            if (reached && !head.Drop.StartsWith("withdrawal ", StringComparison.Ordinal))
                drops.Insert(0, head.Drop);
        }
        // The commits of a dataset of before these were kept.
        return drops.Count == 0 && newest.Version == version ? [newest.Drop] : drops;
    }
}
