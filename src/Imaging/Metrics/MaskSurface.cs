using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Metrics;

/// <summary>The smallest box that holds both masks: all that lies outside it is background of both.</summary>
internal readonly record struct MaskBox(int X, int Y, int Z, Size3 Size)
{
    /// <summary>Null where both masks are empty.</summary>
    public static MaskBox? Around(byte[] a, byte[] b, Size3 size)
    {
        var (x0, x1, y0, y1, z0, z1) = (size.X, -1, size.Y, -1, size.Z, -1);
        for (var row = 0; row < size.Y * size.Z; row++)
            foreach (var mask in (ReadOnlySpan<byte[]>)[a, b])
            {
                var voxels = mask.AsSpan(row * size.X, size.X);
                var first = voxels.IndexOfAnyExcept((byte)0);
                if (first < 0)
                    continue;
                var (y, z) = (row % size.Y, row / size.Y);
                (x0, x1) = (Math.Min(x0, first), Math.Max(x1, voxels.LastIndexOfAnyExcept((byte)0)));
                (y0, y1, z0, z1) = (Math.Min(y0, y), Math.Max(y1, y), Math.Min(z0, z), z);
            }
        return x1 < 0 ? null : new MaskBox(x0, y0, z0, new Size3(x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1));
    }

    /// <summary>1 inside the mask, 0 outside, over the box alone.</summary>
    public byte[] Crop(byte[] mask, Size3 size)
    {
        var (box, cropped) = (this, new byte[Size.Count]);
        Parallel.For(0, box.Size.Z, z =>
        {
            for (var y = 0; y < box.Size.Y; y++)
            {
                var source = mask.AsSpan(box.X + size.X * (box.Y + y + size.Y * (box.Z + z)), box.Size.X);
                var target = cropped.AsSpan(box.Size.X * (y + box.Size.Y * z), box.Size.X);
                for (var x = 0; x < target.Length; x++)
                    target[x] = source[x] != 0 ? (byte)1 : (byte)0;
            }
        });
        return cropped;
    }
}

internal static class MaskSurface
{
    /// <summary>1 where a voxel of the mask has one of its six neighbours outside the mask or outside the array, else 0.</summary>
    public static byte[] Of(byte[] mask, Size3 size)
    {
        var surface = new byte[mask.Length];
        var (row, plane) = (size.X, size.X * size.Y);
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                var inside = y > 0 && y < size.Y - 1 && z > 0 && z < size.Z - 1;
                for (int x = 0, i = y * row + z * plane; x < size.X; x++, i++)
                    if (mask[i] != 0 && !(inside && x > 0 && x < size.X - 1 && Enclosed(mask, i, row, plane)))
                        surface[i] = 1;
            }
        });
        return surface;
    }

    private static bool Enclosed(byte[] mask, int i, int row, int plane) =>
        (mask[i - 1] & mask[i + 1] & mask[i - row] & mask[i + row] & mask[i - plane] & mask[i + plane]) != 0;
}
