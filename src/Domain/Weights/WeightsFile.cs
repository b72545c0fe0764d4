using System.Globalization;
using System.Runtime.InteropServices;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Weights;

/// <summary>A weights.safetensors file that holds exactly one network of a known build, all numbers finite.</summary>
public static class WeightsFile
{
    /// <summary>Reads the file and refuses it with every fault at once.</summary>
    /// <param name="stream">At the file's beginning.</param>
    /// <param name="bytes">Of the whole file.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="DomainException">The file is not safetensors, or not such a network.</exception>
    public static IReadOnlyDictionary<string, float[]> Read(Stream stream, long bytes, string name, int width, FeatureNorm norm, int columns, NetworkDesign design = NetworkDesign.Reference)
    {
        var header = SafetensorsFormat.ReadHeader(stream, name, bytes);
        var (entries, metadata) = SafetensorsFormat.Parse(header, name, bytes - SafetensorsFormat.LengthBytes - header.Length);
        Refuse(name, [.. MetadataFaults(metadata, width, norm, columns, design), .. LayoutFaults(entries, NetworkLayout.Of(width, norm, columns, design))], width, norm, columns, design);
        var tensors = new Dictionary<string, float[]>();
        var faults = new List<string>();
        foreach (var entry in entries)
        {
            var values = new float[(entry.End - entry.Begin) / sizeof(float)];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            if (values.Count(value => !float.IsFinite(value)) is > 0 and var wrong)
                faults.Add($"'{entry.Name}' has {wrong} numbers that are infinite or NaN");
            if (entry.Name.EndsWith(".running_var", StringComparison.Ordinal) && values.Any(value => value < 0))
                faults.Add($"'{entry.Name}' has a negative variance");
            tensors.Add(entry.Name, values);
        }
        Refuse(name, faults, width, norm, columns, design);
        return tensors;
    }

    private static IEnumerable<string> MetadataFaults(IReadOnlyDictionary<string, string> metadata, int width, FeatureNorm norm, int columns, NetworkDesign design)
    {
        foreach (var (key, wanted) in (ReadOnlySpan<(string, string?)>)
            [("versemi.network", design == NetworkDesign.Reference ? null : design.ToString().ToLowerInvariant()), ("versemi.width", width.ToString(CultureInfo.InvariantCulture)), ("versemi.norm", norm.ToString().ToLowerInvariant()), ("versemi.columns", columns.ToString(CultureInfo.InvariantCulture))])
            if (metadata.GetValueOrDefault(key) is var found && found != wanted)
                return [$"its metadata has {key} {(found is null ? "missing" : $"'{Cut(found)}'")}; expected {(wanted is null ? "none" : $"'{wanted}'")}"];
        return [];
    }

    private static IEnumerable<string> LayoutFaults(IReadOnlyList<SafetensorsFormat.Entry> entries, IReadOnlyDictionary<string, long[]> layout)
    {
        var given = entries.ToDictionary(entry => entry.Name);
        foreach (var name in layout.Keys.Union(given.Keys).Order(StringComparer.Ordinal))
            if (!given.TryGetValue(name, out var entry))
                yield return $"'{name}' is missing; expected [{string.Join(", ", layout[name])}]";
            else if (!layout.TryGetValue(name, out var shape))
                yield return $"'{Cut(name)}' is not one of the network's tensors";
            else if (entry.Type != "F32" || !entry.Shape.SequenceEqual(shape))
                yield return $"'{name}' is {entry.Type} [{string.Join(", ", entry.Shape.Take(8))}]; expected F32 [{string.Join(", ", shape)}]";
    }

    private static void Refuse(string name, List<string> faults, int width, FeatureNorm norm, int columns, NetworkDesign design)
    {
        const int shown = 10;
        if (faults.Count > 0)
            throw new DomainException($"'{name}' does not hold the {design.ToString().ToLowerInvariant()} network of width {width}, norm {norm.ToString().ToLowerInvariant()} and {columns} tasks that its model.json describes: "
                + $"{string.Join("; ", faults.Take(shown))}{(faults.Count > shown ? $"; and {faults.Count - shown} more faults" : "")}. Export the model again.");
    }

    private static string Cut(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
