using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>What the datasets have that a cycle did not take, counted from the manifests; each pair of versions is read once.</summary>
internal sealed class PendingData(IBlobStore blobs, DataTriggerMemory memory)
{
    /// <param name="taken">Version by dataset; null: nothing was taken yet.</param>
    public async Task<DataChange> ChangeAsync(IReadOnlyDictionary<string, string>? taken, IReadOnlyList<DatasetRow> heads, CancellationToken cancellation)
    {
        var changes = new List<DatasetChange>();
        foreach (var head in heads.Where(head => taken?.GetValueOrDefault(head.Name) != head.Version))
            changes.Add(await ChangeAsync(head.Name, taken?.GetValueOrDefault(head.Name), head.Version, cancellation));
        // A task that another dataset of the last cycle brought is not new.
        var known = heads.Where(head => taken?.GetValueOrDefault(head.Name) == head.Version).SelectMany(head => head.Tasks)
            .Concat(changes.SelectMany(change => change.TasksBefore)).ToHashSet();
        return new DataChange(
            changes.Sum(change => change.Labelled), changes.Sum(change => change.Unlabelled),
            [.. changes.SelectMany(change => change.TasksNow).Distinct().Where(task => !known.Contains(task)).Order(StringComparer.Ordinal)]);
    }

    private async Task<DatasetChange> ChangeAsync(string name, string? from, string to, CancellationToken cancellation)
    {
        if (memory.Find(name, from, to) is { } known)
            return known;
        var now = await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, to), DomainJson.Readable, cancellation);
        // A version that was erased meanwhile compares as if there had been none.
        var before = from is null ? null : (await blobs.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, from), DomainJson.Readable, cancellation))?.Value;
        var (labelled, unlabelled) = CaseComparison.Count(before, now);
        var change = new DatasetChange(labelled, unlabelled, Tasks(before), Tasks(now));
        memory.Keep(name, from, to, change);
        return change;
    }

    private static List<string> Tasks(DatasetManifest? manifest) => [.. manifest?.Labels.Select(label => label.TaskId).Distinct() ?? []];
}
