using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Phantoms;

/// <summary>One patient in one scanner: the image, and the mask of the one structure that the dataset annotates.</summary>
public sealed record PhantomScan(Volume<float> Image, Volume<ushort> Label)
{
    public static PhantomScan Take(PhantomDataset dataset, Random random)
    {
        var anatomy = dataset.Anatomy(random);
        var grid = dataset.Grid(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        var tissues = Voxelise(anatomy, grid);
        var intensities = Blur(Array.ConvertAll(tissues, Tinted(dataset.Look, random)), grid.Size);
        Disturb(intensities, grid, dataset.Look, random);
        var label = Array.ConvertAll(tissues, tissue => tissue == dataset.Structure ? (ushort)1 : (ushort)0);
        return new PhantomScan(new Volume<float>(grid, intensities), new Volume<ushort>(grid, label));
    }

    private static PhantomTissue[] Voxelise(IPhantomAnatomy anatomy, Grid grid)
    {
        var tissues = new PhantomTissue[grid.Size.Count];
        for (var (k, i) = (0, 0); k < grid.Size.Z; k++)
            for (var j = 0; j < grid.Size.Y; j++)
                for (var x = 0; x < grid.Size.X; x++, i++)
                {
                    var at = grid.Affine.Apply(x, j, k);
                    tissues[i] = anatomy.At(at.X, at.Y, at.Z);
                }
        return tissues;
    }

    /// <summary>No two patients have quite the same contrast.</summary>
    private static Converter<PhantomTissue, float> Tinted(PhantomLook look, Random random)
    {
        var tissues = Enum.GetValues<PhantomTissue>();
        // By intensity, so that a structure and its double stay alike.
        var tints = tissues.Select(look.Of).Distinct().ToDictionary(value => value, value => value * (1 + 0.04 * (2 * random.NextDouble() - 1)));
        var intensities = Array.ConvertAll(tissues, tissue => (float)tints[look.Of(tissue)]);
        return tissue => intensities[(int)tissue];
    }

    /// <summary>[1 2 1]/4 along each axis: partial volumes at the borders.</summary>
    private static float[] Blur(float[] values, Size3 size)
    {
        foreach (var (stride, length) in ((int, int)[])[(1, size.X), (size.X, size.Y), (size.X * size.Y, size.Z)])
        {
            var blurred = new float[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var place = i / stride % length;
                blurred[i] = 0.5f * values[i] + 0.25f * (values[place == 0 ? i : i - stride] + values[place == length - 1 ? i : i + stride]);
            }
            values = blurred;
        }
        return values;
    }

    private static void Disturb(float[] values, Grid grid, PhantomLook look, Random random)
    {
        var (px, py, pz) = (random.NextDouble() * 2 * Math.PI, random.NextDouble() * 2 * Math.PI, random.NextDouble() * 2 * Math.PI);
        for (var i = 0; i < values.Length; i++)
        {
            var at = grid.Affine.Apply(i % grid.Size.X, i / grid.Size.X % grid.Size.Y, i / grid.Size.X / grid.Size.Y);
            var bias = 1 + look.Bias * (Math.Cos(at.X / 12 + px) + Math.Cos(at.Y / 12 + py) + Math.Cos(at.Z / 12 + pz)) / 3;
            var value = values[i] * bias * (1 + look.Speckle * Normal(random)) + look.Noise * Normal(random);
            var imaginary = look.Magnitude ? look.Noise * Normal(random) : 0;
            values[i] = (float)(look.Magnitude ? Math.Sqrt(value * value + imaginary * imaginary) : value);
        }
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
