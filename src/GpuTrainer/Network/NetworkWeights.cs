using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>A network as a safetensors file and back. The file alone says how the network is built.</summary>
public static class NetworkWeights
{
    /// <summary>Missing: the reference, as in every file before there was another.</summary>
    private const string DesignKey = "versemi.network";
    private const string WidthKey = "versemi.width", NormKey = "versemi.norm", ColumnsKey = "versemi.columns";

    public static void Save(string file, VerSemiNetwork network) => Safetensors.Save(file, network.state_dict(), Metadata(network));

    /// <param name="tensors">E.g. the EMA teacher's: named and shaped as the network's state dict.</param>
    public static void Save(string file, VerSemiNetwork network, IReadOnlyDictionary<string, Tensor> tensors) => Safetensors.Save(file, tensors, Metadata(network));

    /// <summary>In evaluation mode.</summary>
    /// <exception cref="DomainException">The file is not safetensors, or does not hold such a network.</exception>
    public static VerSemiNetwork Load(string file, Device? device = null)
    {
        using var content = File.OpenRead(file);
        return Load(content, file, device);
    }

    /// <inheritdoc cref="Load(string, Device?)"/>
    /// <param name="content">At its beginning; with a length.</param>
    /// <param name="file">What messages call it.</param>
    public static VerSemiNetwork Load(Stream content, string file, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(content, file);
        if (!int.TryParse(metadata.GetValueOrDefault(WidthKey), out var width) || !int.TryParse(metadata.GetValueOrDefault(ColumnsKey), out var columns)
            || !Enum.TryParse<FeatureNorm>(metadata.GetValueOrDefault(NormKey), ignoreCase: true, out var norm) || width is < 4 or > 64 || columns is < 0 or > 100_000
            || !Enum.TryParse<NetworkDesign>(metadata.GetValueOrDefault(DesignKey, nameof(NetworkDesign.Reference)), ignoreCase: true, out var design) || !Enum.IsDefined(design))
            throw new DomainException($"'{file}' is safetensors, but not a VerSemi network: its metadata lacks a valid {WidthKey}, {NormKey} or {ColumnsKey}, or has a {DesignKey} that this version does not know.");
        var network = new VerSemiNetwork(width, norm, columns, seed: 0, design);
        Copy(tensors, network, file);
        network.eval();
        return device is null ? network : network.MovedTo(device);
    }

    /// <summary>Copies tensors by name into the network; all of them must be there, with the network's shapes.</summary>
    /// <param name="source">For messages.</param>
    public static void Copy(IReadOnlyDictionary<string, Tensor> tensors, VerSemiNetwork network, string source)
    {
        using var off = no_grad();
        var state = network.state_dict();
        var differing = state.Keys.Union(tensors.Keys).Order(StringComparer.Ordinal).FirstOrDefault(name =>
            !state.TryGetValue(name, out var ours) || !tensors.TryGetValue(name, out var theirs) || !ours.shape.SequenceEqual(theirs.shape));
        if (differing is not null)
            throw new DomainException($"'{source}' does not fit a {network.Design.ToString().ToLowerInvariant()} network of width {network.Width}, norm {network.Norm} and {network.Columns} columns: tensor '{differing}' is {Shape(tensors, differing)} there and {Shape(state, differing)} here.");
        foreach (var (name, tensor) in state)
            tensor.copy_(tensors[name]);
    }

    private static string Shape(IReadOnlyDictionary<string, Tensor> tensors, string name) =>
        tensors.TryGetValue(name, out var tensor) ? $"[{string.Join(", ", tensor.shape)}]" : "missing";

    private static Dictionary<string, string> Metadata(VerSemiNetwork network)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            [WidthKey] = network.Width.ToString(CultureInfo.InvariantCulture),
            [NormKey] = network.Norm.ToString().ToLowerInvariant(),
            [ColumnsKey] = network.Columns.ToString(CultureInfo.InvariantCulture),
        };
        if (network.Design != NetworkDesign.Reference)
            metadata[DesignKey] = network.Design.ToString().ToLowerInvariant();
        return metadata;
    }
}
