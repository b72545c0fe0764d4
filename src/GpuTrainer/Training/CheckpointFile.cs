using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>One safetensors file: the state's tensors, and the header as JSON among its metadata.</summary>
public static class CheckpointFile
{
    private const string Header = "checkpoint";

    public static void Write(string path, CheckpointHeader header, TrainingState state) =>
        Safetensors.Save(path, state.Tensors().ToDictionary(entry => entry.Name, entry => entry.Value), new Dictionary<string, string> { [Header] = JsonSerializer.Serialize(header, DomainJson.Canonical) });

    /// <summary>Sets every tensor of the state that is made from the header; a tensor that is missing or of another shape is an error.</summary>
    public static (CheckpointHeader Header, TrainingState State) Restore(string path, Func<CheckpointHeader, TrainingState> make)
    {
        using var scope = NewDisposeScope();
        using var nothing = no_grad();
        var (stored, metadata) = Safetensors.Load(path);
        var header = metadata.TryGetValue(Header, out var json)
            ? JsonSerializer.Deserialize<CheckpointHeader>(json, DomainJson.Canonical)!
            : throw new InvalidDataException($"{path} is not a checkpoint: it has no '{Header}' among its metadata.");
        var state = make(header);
        foreach (var (name, value) in state.Tensors())
            value.copy_(stored.TryGetValue(name, out var tensor) && tensor.shape.SequenceEqual(value.shape)
                ? tensor
                : throw new InvalidDataException($"{path} has no tensor '{name}' of shape [{string.Join(", ", value.shape)}]."));
        state.Step = header.Step;
        return (header, state);
    }

    /// <summary>One of the two weights alone.</summary>
    public static void RestoreWeights(string path, WeightsKind kind, VerSemiNetwork network)
    {
        using var scope = NewDisposeScope();
        var prefix = kind == WeightsKind.Average ? "average/" : "weights/";
        var weights = Safetensors.Load(path).Tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal));
        NetworkWeights.Copy(weights.ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value), network, path);
    }
}
