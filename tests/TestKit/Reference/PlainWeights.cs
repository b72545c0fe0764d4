using System.Runtime.InteropServices;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Weights;

namespace VerSemi.TestKit.Reference;

/// <summary>A sound model without torch: small numbers in every tensor of the smallest network.</summary>
public static class PlainWeights
{
    public const int Width = 4;

    /// <summary>weights.safetensors; another <paramref name="seed"/> gives other numbers.</summary>
    public static byte[] Of(int columns, int seed = 0, FeatureNorm norm = FeatureNorm.Batch, Action<string, float[]>? change = null)
    {
        var random = new Random(seed);
        var tensors = NetworkLayout.Of(Width, norm, columns).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, Shape: entry.Value, Values: Values(entry.Key, entry.Value.Aggregate(1L, (a, b) => a * b), random))).ToList();
        var (entries, end) = (new List<SafetensorsFormat.Entry>(), 0L);
        foreach (var (name, shape, values) in tensors)
        {
            change?.Invoke(name, values);
            entries.Add(new(name, "F32", shape, end, end += sizeof(float) * values.Length));
        }
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["versemi.width"] = $"{Width}", ["versemi.norm"] = $"{norm}".ToLowerInvariant(), ["versemi.columns"] = $"{columns}" };
        using var file = new MemoryStream();
        file.Write(SafetensorsFormat.Compose(entries, metadata));
        foreach (var (_, _, values) in tensors)
            file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        return file.ToArray();
    }

    /// <summary>model.json of such weights.</summary>
    public static ModelManifest Describe(byte[] weights, LabelSpace space, string run = "import-0123456789ab") => new()
    {
        LabelSpace = space,
        LabelSpaceHash = space.Hash,
        Recipe = RecipeBook.BuiltIn("reference") with { Name = "custom", Width = Width, Patch = [16, 16, 16] },
        Preprocessing = [new ModalityPreprocessing("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0.5, 99.5)],
        Lineage = new ModelLineage(run, 0, null, [], 0),
        Weights = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(weights)),
    };

    private static float[] Values(string name, long count, Random random)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = name.EndsWith(".running_var", StringComparison.Ordinal) ? 1 : random.NextSingle() * 0.2f - 0.1f;
        return values;
    }
}
