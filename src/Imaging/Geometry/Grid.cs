namespace VerSemi.Imaging.Geometry;

/// <summary>Voxels along the three axes of an array. The first, X, is the fastest in memory.</summary>
public readonly record struct Size3(int X, int Y, int Z)
{
    public long Count => (long)X * Y * Z;
    public override string ToString() => $"{X}×{Y}×{Z}";
}

/// <summary>A voxel grid in space: its size and the affine from voxel index (i, j, k) to millimetres in RAS+.</summary>
public sealed record Grid(Size3 Size, Affine Affine)
{
    /// <summary>Millimetres between voxel centres along x, y, z of the array.</summary>
    public (double X, double Y, double Z) Spacing => Affine.Spacing;

    /// <summary>Largest distance between the corners of this grid and those of another one of its size, in voxels of this one (its smallest spacing).</summary>
    public double CornerDistance(Grid other)
    {
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var (i, j, k) = ((corner & 1) * (Size.X - 1), ((corner >> 1) & 1) * (Size.Y - 1), (corner >> 2) * (Size.Z - 1));
            var (p, q) = (Affine.Apply(i, j, k), other.Affine.Apply(i, j, k));
            largest = Math.Max(largest, Math.Sqrt(Square(p.X - q.X) + Square(p.Y - q.Y) + Square(p.Z - q.Z)));
        }
        var (x, y, z) = Spacing;
        return largest / Math.Min(x, Math.Min(y, z));
    }

    private static double Square(double value) => value * value;
}
