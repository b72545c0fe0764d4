using System.Text.Json.Nodes;
using VerSemi.GpuTrainer.Network;
using VerSemi.TestKit.Reference;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Parity;

/// <summary><see cref="ClosedForm"/> as tensors.</summary>
internal static class ReferenceA
{
    public static JsonNode Numbers => ClosedForm.Numbers;
    private static readonly int Size = ClosedForm.Size;

    public static VerSemiNetwork Network()
    {
        using var scope = NewDisposeScope();
        return ReferenceWeights.Import(StateDict(), ClosedForm.Tasks, "closed form");
    }

    /// <summary>As PyTorch holds it: the authors' names, the controller whole.</summary>
    public static Dictionary<string, Tensor> StateDict() =>
        ClosedForm.StateDict().ToDictionary(entry => entry.Name, entry => tensor(entry.Values, [.. entry.Shape.Select(side => (long)side)]));

    /// <summary>(N, 1, S, S, S)</summary>
    public static Tensor Images(params int[] numbers) => tensor(numbers.SelectMany(ClosedForm.Image).ToArray()).reshape(-1, 1, Size, Size, Size);

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
