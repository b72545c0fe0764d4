using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>How a state dict differs from the one that was expected, a sentence each.</summary>
internal static class StateDictFaults
{
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, Tensor> given, IReadOnlyDictionary<string, Tensor> expected, int width, int tasks)
    {
        foreach (var name in expected.Keys.Union(given.Keys).Order(StringComparer.Ordinal))
            if (!given.TryGetValue(name, out var tensor))
                yield return $"'{name}' is missing; expected {Shape(expected[name])}";
            else if (!expected.TryGetValue(name, out var wanted))
                yield return $"'{name}' {Shape(tensor)} is not one of the network's tensors";
            else if (!tensor.shape.SequenceEqual(wanted.shape))
                yield return $"'{name}' is {Shape(tensor)}; expected {Shape(wanted)}{Hint(name, tensor, width, tasks)}";
            else if (!is_floating_point(tensor))
                yield return $"'{name}' {Shape(tensor)} holds {tensor.dtype}; expected floating point";
            else if (NonFinite(tensor) is > 0 and var count)
                yield return $"'{name}' {Shape(tensor)} has {count} numbers that are infinite or NaN";
    }

    private static string Hint(string name, Tensor tensor, int width, int tasks)
    {
        if (name != ReferenceNames.ControllerWeight || tensor.dim() != 5)
            return "";
        var columns = tensor.shape[1] - 16 * width - 1;
        return $" (16·{width} pooled features, {tasks} tasks, the synthetic task){(columns > 0 ? $": the file has columns for {columns} tasks, name as many" : "")}";
    }

    private static long NonFinite(Tensor tensor)
    {
        using var finite = tensor.isfinite();
        using var sum = finite.sum();
        return tensor.numel() - sum.item<long>();
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
