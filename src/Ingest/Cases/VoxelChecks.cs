using VerSemi.Domain.Labels;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Ingest.Cases;

/// <summary>What the voxels of a case are asked, on arrays alone.</summary>
internal static class VoxelChecks
{
    /// <summary>Largest distance between the two grids' corners, in voxels of the first (its smallest spacing).</summary>
    public static double CornerDistance(Grid a, Grid b)
    {
        var (sx, sy, sz) = a.Spacing;
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var (i, j, k) = ((corner & 1) * (a.Size.X - 1), ((corner >> 1) & 1) * (a.Size.Y - 1), (corner >> 2) * (a.Size.Z - 1));
            var (p, q) = (a.Affine.Apply(i, j, k), b.Affine.Apply(i, j, k));
            largest = Math.Max(largest, Math.Sqrt(Square(p.Item1 - q.Item1) + Square(p.Item2 - q.Item2) + Square(p.Item3 - q.Item3)));
        }
        return largest / Math.Min(sx, Math.Min(sy, sz));
    }

    /// <summary>
    /// Puts the smallest finite value (air, the outside of a scan) in the place of voxels that are NaN or infinite.
    /// </summary>
    /// <returns>How many were replaced, and the range of the rest; smallest above largest where no voxel is finite.</returns>
    public static (int Replaced, float Smallest, float Largest) ReplaceNonFinite(float[] voxels)
    {
        var (count, smallest, largest) = (0, float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in voxels)
            if (!float.IsFinite(value))
                count++;
            else
                (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        if (count > 0 && count < voxels.Length)
            for (var i = 0; i < voxels.Length; i++)
                voxels[i] = float.IsFinite(voxels[i]) ? voxels[i] : smallest;
        return (count, smallest, largest);
    }

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

    private static double Square(double value) => value * value;
}
