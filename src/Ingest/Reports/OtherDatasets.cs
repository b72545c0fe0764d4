using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Reports;

/// <summary>
/// Remarks on a dataset beside all others: tasks whose names are alike, and scans that are in both. Only said, never
/// taken: "cancer" is not one organ.
/// </summary>
internal static class OtherDatasets
{
    public static async Task<IReadOnlyList<string>> CompareAsync(IBlobStore store, DatasetManifest dataset, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var other in (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
            if (other != dataset.Name)
                notes.AddRange(await WithAsync(store, dataset, other, cancellation));
        return notes;
    }

    /// <summary>Another dataset that is damaged is no reason to hold this one up: it was committed already.</summary>
    private static async Task<IEnumerable<string>> WithAsync(IBlobStore store, DatasetManifest dataset, string other, CancellationToken cancellation)
    {
        try
        {
            if (await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(other), DomainJson.Readable, cancellation) is not { } head)
                return [];
            var manifest = await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(other, head.Value.Version), DomainJson.Readable, cancellation);
            return [.. Tasks(dataset.Labels, manifest.Labels), .. Scans(dataset, manifest)];
        }
        catch (Exception e) when (e is InvalidDataException or BlobNotFoundException or DomainException)
        {
            return [$"Dataset '{other}' could not be compared with this one: {ShownText.Of(e.Message, 300)}"];
        }
    }

    private static IEnumerable<string> Tasks(IReadOnlyList<LabelDeclaration> labels, IReadOnlyList<LabelDeclaration> others) =>
        from label in labels
        from other in others
        where label.TaskId != other.TaskId && StructureNames.MayBeSame(label.Name, other.Name)
        where labels.All(known => known.TaskId != other.TaskId)
        select $"'{label.TaskId}' may be the same structure as '{other.TaskId}'. They stay two tasks; if they are one: versemi tasks merge {label.TaskId} {other.TaskId}";

    /// <summary>A scan that one dataset trains on and another one tests on makes that test worthless.</summary>
    private static IEnumerable<string> Scans(DatasetManifest dataset, DatasetManifest other)
    {
        var known = other.Cases.Where(entry => entry.Scan is not null).ToLookup(entry => entry.Scan!);
        var shared = dataset.Cases.Where(entry => entry.Scan is not null).SelectMany(entry => known[entry.Scan!].Select(same => (Own: entry, Other: same))).ToList();
        if (shared.Count == 0)
            yield break;
        var leaks = shared.Where(pair => IsHeldOut(pair.Own) != IsHeldOut(pair.Other)).ToList();
        var named = (leaks.Count > 0 ? leaks : shared).Select(pair => $"'{pair.Own.Id}' ({RoleOf(pair.Own)}) is '{pair.Other.Id}' ({RoleOf(pair.Other)}) there");
        yield return $"{shared.Count} scan(s) are in dataset '{other.Name}', too: {FileNames.Some(named)}." + (leaks.Count == 0 ? ""
            : $" {leaks.Count} of them are held out in one dataset and trained on in the other, so that results on them say nothing: withdraw them from one of the two (versemi withdraw).");
    }

    private static bool IsHeldOut(CaseEntry entry) => entry.Split is Split.Test or Split.Validation;

    private static string RoleOf(CaseEntry entry) => entry.Split?.ToString().ToLowerInvariant() ?? "unlabelled";
}
