using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Weights;

/// <summary>Names and shapes of a network's tensors in weights.safetensors (docs/method.md, "Network").</summary>
public static class NetworkLayout
{
    /// <summary>Channels of the features that the heads read.</summary>
    public const int Features = 8;

    /// <summary>Of a head: w0 and w1 (8 × 8), w2 (2 × 8), b0, b1, b2.</summary>
    public const int HeadParameters = 2 * Features * Features + 2 * Features + 2 * Features + 2;

    /// <summary>Stages in their order: whether each begins by halving (−1) or doubling (+1) the grid, the factor of the width, and 3³ convolutions after that.</summary>
    public static IReadOnlyList<(string Name, int Change, int From, int To, int Blocks)> Stages(NetworkDesign design) =>
    [
        ("x1", 0, 0, 1, 1), ("x2", -1, 1, 2, 2), ("x3", -1, 2, 4, 3), ("x4", -1, 4, 8, 3), ("x5", -1, 8, 16, 3),
        ("x6", 1, 16, 8, 3), ("x7", 1, 8, 4, 3), ("x8", 1, 4, 2, 2), ("x9", 1, 2, 1, design == NetworkDesign.Fine ? 1 : 0),
    ];

    /// <param name="columns">Prompt columns of real tasks.</param>
    public static IReadOnlyDictionary<string, long[]> Of(int width, FeatureNorm norm, int columns, NetworkDesign design = NetworkDesign.Reference)
    {
        var shapes = new Dictionary<string, long[]>();
        foreach (var (name, change, from, to, blocks) in Stages(design))
        {
            if (change != 0)
                Convolution($"{name}.resample", change > 0 ? [from * width, to * width, 2, 2, 2] : [to * width, from * width, 2, 2, 2], to * width);
            for (var i = 1; i <= blocks; i++)
                Convolution($"{name}.conv{i}", [to * width, change == 0 && i == 1 ? 1 : to * width, 3, 3, 3], to * width);
        }
        foreach (var (name, channels) in (ReadOnlySpan<(string, long)>)[("pooled_norm", 16 * width), ("feature_norm", width)])
            foreach (var part in norm == FeatureNorm.Batch ? (string[])["weight", "bias", "running_mean", "running_var"] : ["weight", "bias"])
                shapes[$"{name}.{part}"] = [channels];
        shapes["feature_weight"] = [Features, width, 1, 1, 1];
        shapes["feature_bias"] = [Features];
        shapes["controller.weight"] = [HeadParameters, 16 * width];
        shapes["controller.bias"] = shapes["controller.synthetic"] = [HeadParameters];
        shapes["controller.columns"] = [columns, HeadParameters];
        return shapes;

        void Convolution(string name, long[] shape, long channels)
        {
            shapes[$"{name}.weight"] = shape;
            shapes[$"{name}.bias"] = [channels];
        }
    }
}
