using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>Cutting a patch from a volume; what lies outside the volume is 0.</summary>
public static class Patches
{
    /// <summary>
    /// The corner of a patch: uniform where the volume is larger than the patch, else the one that pads symmetrically
    /// (floor in front, ceiling behind).
    /// </summary>
    public static (int X, int Y, int Z) RandomCorner(Size3 volume, Size3 patch, ref CounterRandom random) =>
        (RandomCorner(volume.X, patch.X, ref random), RandomCorner(volume.Y, patch.Y, ref random), RandomCorner(volume.Z, patch.Z, ref random));

    /// <summary>The corner of the patch whose centre is nearest to a voxel, without leaving the volume where it is large enough.</summary>
    public static (int X, int Y, int Z) CornerAround((int X, int Y, int Z) centre, Size3 volume, Size3 patch) =>
        (CornerAround(centre.X, volume.X, patch.X), CornerAround(centre.Y, volume.Y, patch.Y), CornerAround(centre.Z, volume.Z, patch.Z));

    /// <summary>Padding in front of a side that is shorter than the patch; 0 otherwise.</summary>
    public static int Padding(int size, int patch) => Math.Max(0, (patch - size) / 2);

    private static int RandomCorner(int size, int patch, ref CounterRandom random) => size <= patch ? -Padding(size, patch) : random.Below(size - patch + 1);

    private static int CornerAround(int centre, int size, int patch) => size <= patch ? -Padding(size, patch) : Math.Clamp(centre - patch / 2, 0, size - patch);

    /// <param name="target">The patch's voxels, zero where nothing is copied; x fastest, as (D, H, W).</param>
    public static void Copy<T>(Volume<T> volume, (int X, int Y, int Z) corner, Size3 patch, Span<T> target) where T : unmanaged
    {
        var size = volume.Size;
        var first = Math.Max(0, corner.X);
        var length = Math.Min(size.X, corner.X + patch.X) - first;
        for (var z = Math.Max(0, corner.Z); z < Math.Min(size.Z, corner.Z + patch.Z); z++)
            for (var y = Math.Max(0, corner.Y); y < Math.Min(size.Y, corner.Y + patch.Y); y++)
                volume.Voxels.AsSpan(first + size.X * (y + size.Y * z), length)
                    .CopyTo(target[(first - corner.X + patch.X * (y - corner.Y + patch.Y * (z - corner.Z)))..]);
    }
}
