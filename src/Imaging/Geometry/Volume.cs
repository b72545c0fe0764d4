namespace VerSemi.Imaging.Geometry;

/// <summary>Voxels on a grid; index = x + X·(y + Y·z), so the same memory read as a tensor is (Z, Y, X) = (D, H, W).</summary>
public sealed class Volume<T> where T : unmanaged
{
    public Volume(Grid grid, T[] voxels)
    {
        if (voxels.Length != grid.Size.Count)
            throw new ArgumentException($"{voxels.Length} voxels do not fill a grid of {grid.Size}.", nameof(voxels));
        Grid = grid;
        Voxels = voxels;
    }

    public Grid Grid { get; }
    public Size3 Size => Grid.Size;
    public T[] Voxels { get; }
    public T this[int x, int y, int z] => Voxels[x + Size.X * (y + Size.Y * z)];
}
