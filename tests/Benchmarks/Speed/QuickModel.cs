using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Phantoms;
using static TorchSharp.torch;

namespace VerSemi.Benchmarks.Speed;

/// <summary>A small network that finds the liver of 96³ phantoms after some minutes of training; what else it knows does not matter here.</summary>
internal static class QuickModel
{
    private const int Batch = 4, Side = 96;

    /// <summary>Of zero mean and unit variance.</summary>
    public static (Volume<float> Image, Volume<ushort> Label) Phantom(int seed)
    {
        var scan = PhantomScan.Take(PhantomDataset.All[0] with { FieldOfView = Side, Spacing = (1, 1, 1) }, new Random(seed));
        var mean = scan.Image.Voxels.Average();
        var deviation = Math.Sqrt(scan.Image.Voxels.Average(v => (v - mean) * (v - mean)));
        return (new Volume<float>(scan.Image.Grid, Array.ConvertAll(scan.Image.Voxels, v => (float)((v - mean) / deviation))), scan.Label);
    }

    public static VerSemiNetwork Train(Size3 patch, int steps)
    {
        var phantoms = Enumerable.Range(1, 12).Select(Phantom).ToArray();
        var network = new VerSemiNetwork(8, FeatureNorm.Group, 1, seed: 1);
        var average = new VerSemiNetwork(8, FeatureNorm.Group, 1, seed: 1);
        using var adam = new Adam(network, 0.5, 0.999);
        network.train();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            adam.ClearGradients();
            VerSemiLoss.Stage1(network, Samples(phantoms, patch, step), ones(Batch / 2, patch.Z, patch.Y, patch.X), new LossWeights(Synthetic: 0, Specific: 0)).Backward();
            adam.Step(step, 3e-3 * Math.Pow(1 - (double)step / steps, 0.9));
            WeightAverage.Update(average, network, step, 0.99);
        }
        network.Dispose();
        average.eval();
        return average;
    }

    private static (int X, int Y, int Z) InLiver(Volume<ushort> label, ref CounterRandom random)
    {
        while (true)
        {
            var (x, y, z) = (random.Below(label.Size.X), random.Below(label.Size.Y), random.Below(label.Size.Z));
            if (label[x, y, z] == 1)
                return (x, y, z);
        }
    }

    private static LabelledBatch Samples((Volume<float> Image, Volume<ushort> Label)[] phantoms, Size3 patch, int step)
    {
        var (images, labels) = (new float[Batch * patch.Count], new ushort[Batch * patch.Count]);
        for (var i = 0; i < Batch; i++)
        {
            var random = CounterRandom.At(step, i);
            var (image, label) = phantoms[random.Below(phantoms.Length)];
            var corner = i % 2 == 0 ? Patches.RandomCorner(image.Size, patch, ref random) : Patches.CornerAround(InLiver(label, ref random), label.Size, patch);
            Patches.Copy(image, corner, patch, images.AsSpan((int)(i * patch.Count), (int)patch.Count));
            Patches.Copy(label, corner, patch, labels.AsSpan((int)(i * patch.Count), (int)patch.Count));
        }
        return new LabelledBatch(
            tensor(images, [Batch, 1, patch.Z, patch.Y, patch.X]), tensor(Array.ConvertAll(labels, label => (long)label), [Batch, patch.Z, patch.Y, patch.X]), [.. Enumerable.Repeat(new Prompt(0), Batch)]);
    }
}
