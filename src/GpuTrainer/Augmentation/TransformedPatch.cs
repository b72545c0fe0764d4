using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>
/// A patch taken from a volume through a <see cref="SpatialTransform"/>: trilinear for images, nearest for labels. It looks
/// into the volume beyond the untransformed patch, so corners are not empty; where the volume itself ends, its border goes
/// on. Only along an axis on which the volume is shorter than the patch 0 lies outside, as without augmentation.
/// </summary>
internal readonly struct TransformedPatch
{
    private readonly Size3 _patch;
    private readonly double[] _origin = new double[3];
    private readonly double[] _steps; // voxels of the volume per voxel of the patch, row-major
    private readonly Border _x, _y, _z;

    /// <param name="corner">Of the untransformed patch.</param>
    /// <param name="pivot">The point of the volume about which it turns and scales, in voxels: it stays where it is in the patch, but for flips.</param>
    public TransformedPatch(SpatialTransform transform, (int X, int Y, int Z) corner, (double X, double Y, double Z) pivot, Size3 volume, Size3 patch)
    {
        (_patch, _x, _y, _z) = (patch, new Border(volume.X, patch.X), new Border(volume.Y, patch.Y), new Border(volume.Z, patch.Z));
        _steps = transform.Turn is { } turn ? [.. turn] : [1, 0, 0, 0, 1, 0, 0, 0, 1];
        double[] centre = [pivot.X, pivot.Y, pivot.Z];
        double[] first = [corner.X - pivot.X, corner.Y - pivot.Y, corner.Z - pivot.Z];
        Mirror(0, transform.Flipped.X, patch.X, first);
        Mirror(1, transform.Flipped.Y, patch.Y, first);
        Mirror(2, transform.Flipped.Z, patch.Z, first);
        var from = transform.Turn ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
        for (var row = 0; row < 3; row++)
            _origin[row] = centre[row] + from[3 * row] * first[0] + from[3 * row + 1] * first[1] + from[3 * row + 2] * first[2];
    }

    public void Image(Volume<float> volume, Span<float> target)
    {
        var (size, voxels, next) = (volume.Size, volume.Voxels, 0);
        for (var z = 0; z < _patch.Z; z++)
            for (var y = 0; y < _patch.Y; y++)
                for (var x = 0; x < _patch.X; x++)
                {
                    var (a, b, c) = (_x.Between(At(0, x, y, z)), _y.Between(At(1, x, y, z)), _z.Between(At(2, x, y, z)));
                    var (front, back) = (size.X * (b.Low + size.Y * c.Low), size.X * (b.Low + size.Y * c.High));
                    var step = size.X * (b.High - b.Low);
                    target[next++] =
                        c.LowWeight * (b.LowWeight * (a.LowWeight * voxels[front + a.Low] + a.HighWeight * voxels[front + a.High])
                            + b.HighWeight * (a.LowWeight * voxels[front + step + a.Low] + a.HighWeight * voxels[front + step + a.High]))
                        + c.HighWeight * (b.LowWeight * (a.LowWeight * voxels[back + a.Low] + a.HighWeight * voxels[back + a.High])
                            + b.HighWeight * (a.LowWeight * voxels[back + step + a.Low] + a.HighWeight * voxels[back + step + a.High]));
                }
    }

    public void Label(Volume<ushort> volume, Span<ushort> target)
    {
        var (size, voxels, next) = (volume.Size, volume.Voxels, 0);
        for (var z = 0; z < _patch.Z; z++)
            for (var y = 0; y < _patch.Y; y++)
                for (var x = 0; x < _patch.X; x++)
                {
                    var (i, j, k) = (_x.Nearest(At(0, x, y, z)), _y.Nearest(At(1, x, y, z)), _z.Nearest(At(2, x, y, z)));
                    target[next++] = i < 0 || j < 0 || k < 0 ? (ushort)0 : voxels[i + size.X * (j + size.Y * k)];
                }
    }

    private double At(int axis, int x, int y, int z) => _origin[axis] + _steps[3 * axis] * x + _steps[3 * axis + 1] * y + _steps[3 * axis + 2] * z;

    private void Mirror(int axis, bool flipped, int side, double[] first)
    {
        if (!flipped)
            return;
        first[axis] += side - 1;
        for (var row = 0; row < 3; row++)
            _steps[3 * row + axis] = -_steps[3 * row + axis];
    }

    /// <summary>The voxels of one axis on both sides of a place, and their weights.</summary>
    private readonly record struct Neighbours(int Low, int High, float LowWeight, float HighWeight);

    private readonly struct Border(int size, int patch)
    {
        private readonly bool _goesOn = size >= patch;

        public Neighbours Between(double place)
        {
            var at = _goesOn ? Math.Clamp(place, 0, size - 1) : place;
            var low = (int)Math.Floor(at);
            var share = (float)(at - low);
            return new Neighbours(Inside(low), Inside(low + 1), Has(low) ? 1 - share : 0, Has(low + 1) ? share : 0);
        }

        /// <returns>−1: nothing lies there.</returns>
        public int Nearest(double place)
        {
            var at = (int)Math.Floor(place + 0.5);
            return _goesOn ? Inside(at) : Has(at) ? at : -1;
        }

        private bool Has(int at) => (uint)at < (uint)size;

        private int Inside(int at) => Math.Clamp(at, 0, size - 1);
    }
}
