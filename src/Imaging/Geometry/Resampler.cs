namespace VerSemi.Imaging.Geometry;

/// <summary>
/// Values at the voxel centres of another grid whose axes run along those of the source. Outside of the source its edge
/// goes on. Where the two grids are the same, the result is the source itself.
/// </summary>
public static class Resampler
{
    /// <summary>Millimetres by which a spacing may differ from the wanted one and still count as it.</summary>
    public const double SpacingTolerance = 1e-3;

    /// <summary>
    /// The grid with this spacing that has the same centre and, to the nearest voxel, the same extent. An axis that has
    /// the spacing already stays as it is.
    /// </summary>
    public static Grid WithSpacing(Grid grid, (double X, double Y, double Z) spacing)
    {
        var x = Rescale(grid.Size.X, grid.Spacing.X, spacing.X);
        var y = Rescale(grid.Size.Y, grid.Spacing.Y, spacing.Y);
        var z = Rescale(grid.Size.Z, grid.Spacing.Z, spacing.Z);
        if ((Int128)x.Count * y.Count * z.Count > Array.MaxLength)
            throw new VerSemi.Domain.DomainException($"A volume of {grid.Size} voxels of {Text(grid.Spacing)} mm would have {x.Count}×{y.Count}×{z.Count} at the spacing {Text(spacing)} mm, more than fit into memory. Are the image's units right? Else crop it, or train at a larger spacing.");
        return new Grid(new Size3((int)x.Count, (int)y.Count, (int)z.Count), Affine.FromColumns([
            Times(grid.Affine.Column(0), x.Step), Times(grid.Affine.Column(1), y.Step), Times(grid.Affine.Column(2), z.Step),
            grid.Affine.Apply(x.First, y.First, z.First)]));
    }

    private static string Text((double X, double Y, double Z) mm) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{mm.X:0.####} × {mm.Y:0.####} × {mm.Z:0.####}");

    public static Volume<float> Trilinear(Volume<float> source, Grid target)
    {
        var axes = AxisSamples.Between(target, source.Grid);
        return axes.All(axis => axis.IsIdentity)
            ? new Volume<float>(target, source.Voxels)
            : new Volume<float>(target, Trilinear(source.Voxels, source.Size, axes[0], axes[1], axes[2]));
    }

    /// <summary>For labels: the value of the nearest voxel centre (of two equally near ones the later).</summary>
    public static Volume<T> Nearest<T>(Volume<T> source, Grid target) where T : unmanaged
    {
        var axes = AxisSamples.Between(target, source.Grid);
        return axes.All(axis => axis.IsIdentity)
            ? new Volume<T>(target, source.Voxels)
            : new Volume<T>(target, Nearest(source.Voxels, source.Size, axes[0].Nearest, axes[1].Nearest, axes[2].Nearest));
    }

    /// <summary>First: index, in old voxels, of the new first centre. Step: old voxels a new one.</summary>
    private static (long Count, double First, double Step) Rescale(int count, double from, double to)
    {
        if (Math.Abs(from - to) < SpacingTolerance)
            return (count, 0, 1);
        var wanted = Math.Max(1, Math.Round(Math.Min(count * from / to, int.MaxValue), MidpointRounding.AwayFromZero));
        return ((long)wanted, (count - 1 - (wanted - 1) * to / from) / 2, to / from);
    }

    private static (double X, double Y, double Z) Times((double X, double Y, double Z) vector, double factor) =>
        (vector.X * factor, vector.Y * factor, vector.Z * factor);

    /// <summary>Four source rows are blended into one, which is then read along x: most of the work runs along memory.</summary>
    private static float[] Trilinear(float[] source, Size3 size, AxisSamples ax, AxisSamples ay, AxisSamples az)
    {
        var result = GC.AllocateUninitializedArray<float>(ax.Count * ay.Count * az.Count);
        var row = new float[size.X];
        var at = 0;
        for (var z = 0; z < az.Count; z++)
            for (var y = 0; y < ay.Count; y++)
            {
                BlendRows(source, size, (ay.Low[y], ay.High[y], ay.Weight[y]), (az.Low[z], az.High[z], az.Weight[z]), row);
                for (var x = 0; x < ax.Count; x++)
                    result[at++] = row[ax.Low[x]] * (1 - ax.Weight[x]) + row[ax.High[x]] * ax.Weight[x];
            }
        return result;
    }

    private static void BlendRows(float[] source, Size3 size, (int Low, int High, float Weight) y, (int Low, int High, float Weight) z, Span<float> row)
    {
        ReadOnlySpan<float> Row(int y, int z) => source.AsSpan(size.X * (y + size.Y * z), size.X);
        var a = Row(y.Low, z.Low);
        var b = Row(y.High, z.Low);
        var c = Row(y.Low, z.High);
        var d = Row(y.High, z.High);
        var (wa, wb) = ((1 - y.Weight) * (1 - z.Weight), y.Weight * (1 - z.Weight));
        var (wc, wd) = ((1 - y.Weight) * z.Weight, y.Weight * z.Weight);
        for (var x = 0; x < row.Length; x++)
            row[x] = a[x] * wa + b[x] * wb + c[x] * wc + d[x] * wd;
    }

    private static T[] Nearest<T>(T[] source, Size3 size, int[] xs, int[] ys, int[] zs) where T : unmanaged
    {
        var result = GC.AllocateUninitializedArray<T>(xs.Length * ys.Length * zs.Length);
        var at = 0;
        foreach (var z in zs)
            foreach (var y in ys)
            {
                var row = source.AsSpan(size.X * (y + size.Y * z), size.X);
                foreach (var x in xs)
                    result[at++] = row[x];
            }
        return result;
    }
}
