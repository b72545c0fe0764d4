using VerSemi.Domain.Labels;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Commit;

/// <summary>Remarks on structures that a drop's labels hardly mark: nothing can be learnt or judged from them.</summary>
internal static class ClassNotes
{
    /// <summary>Below this share of the labelled cases, a structure is rare.</summary>
    private const double RareShare = 0.1;

    /// <summary>Fewer voxels in each case are a slip of the pen rather than a structure.</summary>
    private const int FewVoxels = 10;

    public static IEnumerable<string> Of(IReadOnlyList<LabelDeclaration> declared, IReadOnlyCollection<CanonicalCase> accepted)
    {
        var marked = accepted.Select(found => found.Marked).OfType<IReadOnlyDictionary<int, long>>().ToList();
        if (marked.Count == 0)
            yield break;
        var classes = declared.Select(label => (Name: $"'{label.Name}' ({label.Value})", Voxels: marked.Select(counts => counts.GetValueOrDefault(label.Value)).Where(count => count > 0).ToList())).ToList();
        if (classes.Where(one => one.Voxels.Count == 0).Select(one => one.Name).ToList() is { Count: > 0 } nowhere)
            yield return $"No label of this drop marks {FileNames.Some(nowhere)}.";
        if (classes.Where(one => IsRare(one.Voxels.Count, marked.Count)).Select(one => $"{one.Name} in {one.Voxels.Count}").ToList() is { Count: > 0 } rare)
            yield return $"Few of the {marked.Count} labelled cases mark {FileNames.Some(rare)}.";
        if (classes.Where(one => one.Voxels.Count > 0 && one.Voxels.Max() < FewVoxels).Select(one => $"{one.Name} with at most {one.Voxels.Max()}").ToList() is { Count: > 0 } tiny)
            yield return $"Only a few voxels a case are marked as {FileNames.Some(tiny)}.";
    }

    /// <summary>Labels are there, and mark nothing at all.</summary>
    public static bool AllEmpty(IReadOnlyCollection<CanonicalCase> accepted)
    {
        var marked = accepted.Select(found => found.Marked).OfType<IReadOnlyDictionary<int, long>>().ToList();
        return marked.Count > 0 && marked.All(counts => counts.Keys.All(value => value == 0));
    }

    private static bool IsRare(int cases, int all) => cases > 0 && all > 1 && (cases == 1 || cases < RareShare * all);
}
