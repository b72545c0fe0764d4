namespace VerSemi.Imaging.Geometry;

/// <summary>Along one axis: which two source voxels each target voxel lies between, and the share of the second.</summary>
internal sealed class AxisSamples
{
    /// <summary>In voxels: a place this near to a voxel centre is that centre, so that rounding of affines does not blur.</summary>
    private const double Snap = 1e-4;

    /// <summary>In voxels over the whole grid: how far axes may drift apart and still count as parallel.</summary>
    private const double Drift = 1e-2;

    private AxisSamples(double first, double step, int count, int sourceCount)
    {
        (Low, High, Weight, Nearest) = (new int[count], new int[count], new float[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var place = first + step * i;
            if (Math.Abs(place - Math.Round(place)) < Snap)
                place = Math.Round(place);
            place = Math.Clamp(place, 0, sourceCount - 1);
            Low[i] = (int)Math.Floor(place);
            High[i] = Math.Min(Low[i] + 1, sourceCount - 1);
            Weight[i] = (float)(place - Low[i]);
            Nearest[i] = Math.Min((int)Math.Floor(place + 0.5), sourceCount - 1);
        }
        IsIdentity = count == sourceCount && Enumerable.Range(0, count).All(i => Low[i] == i && Weight[i] == 0);
    }

    public int Count => Low.Length;
    public int[] Low { get; }
    public int[] High { get; }
    public float[] Weight { get; }
    public int[] Nearest { get; }
    public bool IsIdentity { get; }

    /// <summary>For x, y and z.</summary>
    public static AxisSamples[] Between(Grid target, Grid source)
    {
        var first = Place(target, source, 0, 0, 0);
        double[][] next = [Place(target, source, 1, 0, 0), Place(target, source, 0, 1, 0), Place(target, source, 0, 0, 1)];
        int[] counts = [target.Size.X, target.Size.Y, target.Size.Z];
        int[] sourceCounts = [source.Size.X, source.Size.Y, source.Size.Z];
        for (var along = 0; along < 3; along++)
            for (var across = 0; across < 3; across++)
                if (along != across && Math.Abs(next[along][across] - first[across]) * counts[along] > Drift)
                    throw new ArgumentException($"The axes of the two grids are not parallel: {target} and {source}.", nameof(target));
        return [.. Enumerable.Range(0, 3).Select(axis => new AxisSamples(first[axis], next[axis][axis] - first[axis], counts[axis], sourceCounts[axis]))];
    }

    private static double[] Place(Grid target, Grid source, double i, double j, double k)
    {
        var (x, y, z) = target.Affine.Apply(i, j, k);
        var (a, b, c) = source.Affine.Locate(x, y, z);
        return [a, b, c];
    }
}
