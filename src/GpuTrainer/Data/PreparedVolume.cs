using System.Collections.Concurrent;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>A case on the grid that the network sees. The label is null for an unlabelled case.</summary>
public sealed class PreparedVolume(Volume<float> image, Volume<ushort>? label)
{
    // Foreground voxels per plane z: a random foreground voxel costs the scan of one plane.
    private readonly ConcurrentDictionary<Foreground, long[]> _planes = [];

    public Volume<float> Image => image;
    public Volume<ushort>? Label => label;
    public Size3 Size => image.Size;
    public long Bytes => image.Size.Count * (label is null ? sizeof(float) : sizeof(float) + sizeof(ushort));

    /// <summary>A uniformly random voxel of the foreground; null where there is none.</summary>
    public (int X, int Y, int Z)? RandomVoxel(Foreground foreground, ref CounterRandom random)
    {
        if (label is null)
            return null;
        var planes = _planes.GetOrAdd(foreground, CountPlanes, label);
        var total = planes.Sum();
        if (total == 0)
            return null;
        var left = random.Below(total);
        var z = 0;
        while (left >= planes[z])
            left -= planes[z++];
        return InPlane(label, foreground, z, left);
    }

    /// <summary>Share of the voxels that are foreground, 0…1; 0 for an unlabelled case.</summary>
    public double ShareOf(Foreground foreground) => label is null ? 0 : (double)_planes.GetOrAdd(foreground, CountPlanes, label).Sum() / label.Size.Count;

    private static (int X, int Y, int Z) InPlane(Volume<ushort> label, Foreground foreground, int z, long skip)
    {
        var plane = label.Size.X * label.Size.Y;
        for (var i = 0; i < plane; i++)
            if (foreground.Has(label.Voxels[z * plane + i]) && skip-- == 0)
                return (i % label.Size.X, i / label.Size.X, z);
        throw new InvalidOperationException("The label changed while it was read.");
    }

    private static long[] CountPlanes(Foreground foreground, Volume<ushort> label)
    {
        var counts = new long[label.Size.Z];
        var plane = label.Size.X * label.Size.Y;
        for (var i = 0; i < label.Voxels.Length; i++)
            counts[i / plane] += foreground.Has(label.Voxels[i]) ? 1 : 0;
        return counts;
    }
}
