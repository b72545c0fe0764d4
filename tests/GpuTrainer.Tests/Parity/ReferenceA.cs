using System.Text.Json.Nodes;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Parity;

/// <summary>The closed-form weights and inputs of algorithm.md, "Numbers to check against", and the reference's numbers for them.</summary>
internal static class ReferenceA
{
    public static JsonNode Numbers { get; } = Load();
    private static readonly double Seed = (double)Numbers["seed"]!;
    private static readonly int Size = (int)Numbers["size"]!;
    private const int Tasks = 4, Pooled = 256;

    private static JsonNode Load()
    {
        using var stream = typeof(ReferenceA).Assembly.GetManifestResourceStream("reference_a.json")!;
        return JsonNode.Parse(stream)!;
    }

    public static VerSemiNetwork Network()
    {
        var network = new VerSemiNetwork(16, FeatureNorm.Batch, Tasks, seed: 0);
        var names = Numbers["sorted_parameter_names"]!.AsArray().Select((name, i) => ((string)name!, i)).ToDictionary(p => p.Item1, p => p.i);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in network.state_dict())
            if (ReferenceNames.Of(name) is { } reference)
                tensor.copy_(Values(names[reference], reference, tensor.shape));
        var rows = Enumerable.Range(0, ReferenceNames.ControllerRows).Where(row => !ReferenceNames.IsUnusedRow(row)).Select(row => (long)row).ToArray();
        var weight = Values(names[ReferenceNames.ControllerWeight], ReferenceNames.ControllerWeight, [ReferenceNames.ControllerRows, Pooled + Tasks + 1]).index_select(0, tensor(rows));
        var bias = Values(names[ReferenceNames.ControllerBias], ReferenceNames.ControllerBias, [ReferenceNames.ControllerRows]).index_select(0, tensor(rows));
        var ours = network.state_dict();
        ours["controller.weight"].copy_(weight.narrow(1, 0, Pooled));
        ours["controller.bias"].copy_(bias);
        ours["controller.columns"].copy_(weight.narrow(1, Pooled, Tasks).t());
        ours["controller.synthetic"].copy_(weight.select(1, Pooled + Tasks));
        return network;
    }

    private static Tensor Values(int index, string name, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, side) => product * side);
        if (name.EndsWith("running_mean", StringComparison.Ordinal))
            return zeros(shape);
        if (name.EndsWith("running_var", StringComparison.Ordinal) || (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal)))
            return ones(shape);
        var values = new float[count];
        var fan = (double)count / shape[0];
        for (long j = 0; j < count; j++)
            values[j] = (float)(shape.Length == 1
                ? 0.01 * Math.Cos(Seed + index + 0.7 * j)
                : Math.Sqrt(2 / fan) * Math.Cos(Seed + index + 0.7 * j + 0.013 * (j * j % 1009)));
        return tensor(values, shape);
    }

    /// <summary>(N, 1, S, S, S)</summary>
    public static Tensor Images(params int[] numbers) => Volumes(numbers, (b, z, y, x) =>
        Math.Sin(0.31 * x + 0.2 * b + Seed) + Math.Cos(0.23 * y - 0.1 * b) + 0.5 * Math.Sin(0.17 * z * (1 + 0.05 * b))).unsqueeze(1);

    /// <summary>(N, S, S, S)</summary>
    public static Tensor Labels(params int[] numbers) => Volumes(numbers, (b, z, y, x) =>
    {
        var (centre, radius) = (Size / 2.0 + 2 * b - 3, Size / 5.0 + b);
        var (dx, dy, dz) = (x - centre, y - Size / 2.0, z - Size / 2.0 + b);
        return dx * dx + dy * dy + dz * dz < radius * radius ? 1 : 0;
    }).to(ScalarType.Int64);

    /// <summary>(N, S, S, S): 0 inside the cube of stage 1, the same for every sample.</summary>
    public static Tensor Mask(int count)
    {
        var box = Numbers["stage1"]!["box_zyx"]!.AsArray().Select(side => side!.AsArray().Select(v => (int)v!).ToArray()).ToArray();
        return Volumes(Enumerable.Range(0, count), (_, z, y, x) =>
            z >= box[0][0] && z < box[0][1] && y >= box[1][0] && y < box[1][1] && x >= box[2][0] && x < box[2][1] ? 0 : 1);
    }

    private static Tensor Volumes(IEnumerable<int> numbers, Func<int, int, int, int, double> value)
    {
        var values = from b in numbers from z in Enumerable.Range(0, Size) from y in Enumerable.Range(0, Size) from x in Enumerable.Range(0, Size) select (float)value(b, z, y, x);
        return tensor(values.ToArray()).reshape(-1, Size, Size, Size);
    }
}
