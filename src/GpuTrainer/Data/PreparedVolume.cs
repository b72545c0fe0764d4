using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>A case on the grid that the network sees. The label is null for an unlabelled case.</summary>
public sealed class PreparedVolume(Volume<float> image, Volume<ushort>? label)
{
    // Foreground voxels per plane z, per set of label values: a random foreground voxel costs the scan of one plane.
    private readonly Dictionary<string, long[]> _foreground = [];

    public Volume<float> Image => image;
    public Volume<ushort>? Label => label;
    public Size3 Size => image.Size;
    public long Bytes => image.Size.Count * (label is null ? sizeof(float) : sizeof(float) + sizeof(ushort));

    /// <summary>A uniformly random voxel whose label is one of <paramref name="values"/>; null where there is none.</summary>
    public (int X, int Y, int Z)? RandomForeground(IReadOnlyList<ushort> values, ref CounterRandom random)
    {
        if (label is null)
            return null;
        var planes = CountsOf(label, values);
        var total = planes.Sum();
        if (total == 0)
            return null;
        var left = random.Below(total);
        var z = 0;
        while (left >= planes[z])
            left -= planes[z++];
        return InPlane(label, values, z, left);
    }

    private static (int X, int Y, int Z) InPlane(Volume<ushort> label, IReadOnlyList<ushort> values, int z, long skip)
    {
        var plane = label.Size.X * label.Size.Y;
        for (var i = 0; i < plane; i++)
            if (values.Contains(label.Voxels[z * plane + i]) && skip-- == 0)
                return (i % label.Size.X, i / label.Size.X, z);
        throw new InvalidOperationException("The label changed while it was read.");
    }

    private long[] CountsOf(Volume<ushort> volume, IReadOnlyList<ushort> values)
    {
        var key = string.Join(',', values);
        lock (_foreground)
        {
            if (!_foreground.TryGetValue(key, out var counts))
            {
                var plane = volume.Size.X * volume.Size.Y;
                counts = [.. Enumerable.Range(0, volume.Size.Z).Select(z => (long)volume.Voxels.AsSpan(z * plane, plane).ToArray().Count(values.Contains))];
                _foreground[key] = counts;
            }
            return counts;
        }
    }
}
