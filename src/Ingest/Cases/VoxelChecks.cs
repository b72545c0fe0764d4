using VerSemi.Domain.Labels;

namespace VerSemi.Ingest.Cases;

/// <summary>What the voxels of a label are asked, on arrays alone.</summary>
internal static class VoxelChecks
{
    /// <summary>Voxels per value, of the values that occur.</summary>
    public static Dictionary<int, long> CountLabels(ushort[] labels)
    {
        var counts = new long[ushort.MaxValue + 1];
        foreach (var label in labels)
            counts[label]++;
        return Enumerable.Range(0, counts.Length).Where(value => counts[value] > 0).ToDictionary(value => value, value => counts[value]);
    }

    /// <summary>Null where every value is background or named.</summary>
    public static string? UnnamedValues(Dictionary<int, long> counts, IReadOnlyList<LabelDeclaration> declared)
    {
        var unnamed = counts.Where(count => count.Key != 0 && declared.All(label => label.Value != count.Key)).ToList();
        return unnamed.Count == 0 ? null
            : $"holds {Some(unnamed.Select(count => $"the value {count.Key} ({count.Value} voxels)"))}, which 'labels' in dataset.json does not name (it names {Some(declared.Select(label => $"{label.Value} '{label.Name}'"))})";
    }

    public static IEnumerable<string> EmptyMasks(Dictionary<int, long> counts, IReadOnlyList<LabelDeclaration> declared)
    {
        var empty = declared.Where(label => !counts.ContainsKey(label.Value)).Select(label => $"'{label.Name}'").ToList();
        if (empty.Count == declared.Count)
            yield return "The label is empty: no structure is marked.";
        else if (empty.Count > 0)
            yield return $"No voxel is marked as {Some(empty)}.";
    }

    private static string Some(IEnumerable<string> values)
    {
        var all = values.ToList();
        return string.Join(", ", all.Take(5)) + (all.Count > 5 ? $" and {all.Count - 5} more" : "");
    }
}
