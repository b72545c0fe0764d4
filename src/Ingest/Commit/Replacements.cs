using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Commit;

/// <summary>
/// Which images of a dataset a drop may replace. Case numbers repeat between sites, so a case of the same name with
/// another image is most often another patient: only the drop that brought the image replaces it, or one that says so.
/// </summary>
internal sealed class Replacements(DatasetManifest? previous, DropPlan plan, Func<string, bool> isOwn)
{
    private const int NamedCases = 10;
    private readonly Dictionary<string, CaseEntry> _entries = (previous?.Cases ?? []).ToDictionary(entry => entry.Id);

    public bool IsInDataset(string id) => _entries.ContainsKey(id);

    /// <summary>A labelled image stays where the drop has the case without a label: nothing is replaced then.</summary>
    public bool Forbid(PlannedCase planned, string image, string scan) =>
        !plan.Replace && _entries.GetValueOrDefault(planned.Id) is { } entry && IsOther(entry, image, scan) && (entry.Label is null || planned.Label is not null) && !isOwn(planned.Id);

    /// <exception cref="DropRefusedException">There is one.</exception>
    public void Refuse(IEnumerable<string> ids)
    {
        if (ids.Order(StringComparer.Ordinal).ToList() is not { Count: > 0 } all)
            return;
        throw new DropRefusedException(
            $"{all.Count} case(s) of this drop have the name of a case of dataset '{plan.Dataset}' ({previous!.Version}) and another image, so they would replace it: {FileNames.Some(all, NamedCases)}. " +
            $"Where they are other patients, give this drop another 'name' in {DropFiles.DatasetJson}, or its cases other names. Where they are corrections, add \"versemi\": {{\"replace\": true}} to {DropFiles.DatasetJson}.");
    }

    /// <summary>The same scan under another header, or in another orientation, is no other image.</summary>
    public static bool IsOther(CaseEntry entry, string image, string scan) => entry.Image != image && entry.Scan != scan;

    /// <summary>Remarks on every case that the drop changes.</summary>
    public IEnumerable<string> Notes(IReadOnlyCollection<CanonicalCase> accepted)
    {
        var again = accepted.Select(found => (Found: found, Entry: _entries.GetValueOrDefault(found.Planned.Id)))
            .Where(one => one.Entry is not null && (one.Entry.Label is null || one.Found.Label is not null)).Select(one => (one.Found, Entry: one.Entry!)).ToList();
        var images = again.Where(one => IsOther(one.Entry, one.Found.Image, one.Found.Scan)).Select(one => one.Entry.Id).ToList();
        if (images.Count > 0)
            yield return $"{images.Count} case(s) replaced, whose images differ: {FileNames.Some(images, NamedCases)}.";
        var labels = again.Where(one => one.Entry.Label is not null && one.Entry.Label != one.Found.Label).Select(one => one.Entry.Id).ToList();
        if (labels.Count > 0)
            yield return $"{labels.Count} label(s) replaced, which differ: {FileNames.Some(labels, NamedCases)}.";
        foreach (var (found, entry) in again.Where(one => one.Entry.Label is not null && one.Entry.Patient != one.Found.Planned.Patient).Take(NamedCases))
            yield return $"Case '{entry.Id}' stays with patient '{entry.Patient}', who has a split; this drop says '{found.Planned.Patient}'.";
    }
}
