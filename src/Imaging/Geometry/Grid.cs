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
}
