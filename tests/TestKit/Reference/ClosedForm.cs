using System.Text.Json.Nodes;

namespace VerSemi.TestKit.Reference;

/// <summary>
/// The closed-form weights and images of docs/method.md, "Numbers of the reference", and the reference's numbers for them:
/// no tensor library.
/// </summary>
public static class ClosedForm
{
    public const int Tasks = 4;
    private const int ReferenceWidth = 16;

    public static JsonNode Numbers { get; } = Load();
    public static double Seed { get; } = (double)Numbers["seed"]!;

    /// <summary>Voxels along each side of an image.</summary>
    public static int Size { get; } = (int)Numbers["size"]!;

    /// <summary>The state dict: ordinal order of the names, values row-major. The reference's numbers are of the default size; a smaller one is quick.</summary>
    public static IEnumerable<(string Name, int[] Shape, float[] Values)> StateDict(int width = ReferenceWidth, int tasks = Tasks) =>
        Numbers["sorted_parameter_names"]!.AsArray().Select((node, index) =>
        {
            var (name, shape) = ((string)node!, ShapeOf((string)node!, width, tasks));
            return (name, shape, Values(index, name, shape));
        });

    /// <summary>Image b: float32, x fastest, then y, z.</summary>
    public static float[] Image(int b) =>
        [.. from z in Enumerable.Range(0, Size)
            from y in Enumerable.Range(0, Size)
            from x in Enumerable.Range(0, Size)
            select (float)(Math.Sin(0.31 * x + 0.2 * b + Seed) + Math.Cos(0.23 * y - 0.1 * b) + 0.5 * Math.Sin(0.17 * z * (1 + 0.05 * b)))];

    private static JsonNode Load()
    {
        using var stream = typeof(ClosedForm).Assembly.GetManifestResourceStream("reference_a.json")!;
        return JsonNode.Parse(stream)!;
    }

    private static float[] Values(int index, string name, int[] shape)
    {
        var values = new float[shape.Aggregate(1, (product, side) => product * side)];
        if (name.EndsWith("running_mean", StringComparison.Ordinal))
            return values;
        var ones = name.EndsWith("running_var", StringComparison.Ordinal) || (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal));
        var scale = Math.Sqrt(2.0 * shape[0] / values.Length);
        for (long j = 0; j < values.Length; j++)
            values[j] = (float)(ones ? 1 : shape.Length == 1
                ? 0.01 * Math.Cos(Seed + index + 0.7 * j)
                : scale * Math.Cos(Seed + index + 0.7 * j + 0.013 * (j * j % 1009)));
        return values;
    }

    private static int[] ShapeOf(string name, int width, int tasks)
    {
        var parts = name.Split('.');
        var (weight, vector) = (WeightShapeOf(parts[0], parts[1], width, tasks), parts[^1] != "weight" || parts[0] is "GAP" || (parts[0], parts[1]) is ("precls_conv", "0"));
        // A transposed convolution's weight is [in][out].
        return vector ? [parts[0].EndsWith("_up", StringComparison.Ordinal) ? weight[1] : weight[0]] : weight;
    }

    private static int[] WeightShapeOf(string block, string index, int width, int tasks) => block switch
    {
        "GAP" => [16 * width],
        "precls_conv" => index == "0" ? [width] : [8, width, 1, 1, 1],
        "controller" => [180, 16 * width + tasks + 1, 1, 1, 1],
        "block_one" => [width, 1, 3, 3, 3],
        _ => BlockShape(block.Split('_'), width),
    };

    private static int[] BlockShape(string[] words, int width)
    {
        var stage = Array.IndexOf(["one", "two", "three", "four", "five", "six", "seven", "eight"], words[1]);
        var channels = width << (stage <= 4 ? stage : 8 - stage);
        return words.Length == 2 ? [channels, channels, 3, 3, 3]
            : words[2] == "dw" ? [2 * channels, channels, 2, 2, 2]
            : [channels, channels / 2, 2, 2, 2];
    }
}
