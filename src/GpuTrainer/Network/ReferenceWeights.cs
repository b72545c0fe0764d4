using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// The authors' state dict (docs/method.md, "Network") and our network, in both directions and to the same bits. Their
/// controller is one convolution of 180 rows, (180, 16·width + tasks + 1, 1, 1, 1): W, a column for each task, the
/// synthetic task's; rows 144–159 and 178–179 are an output branch that is never trained and that we do not have.
/// </summary>
public static class ReferenceWeights
{
    /// <summary>DistributedDataParallel and DataParallel put it before every name.</summary>
    private const string Wrapper = "module.";

    /// <summary>Counts batches for a momentum that nobody uses; part of every PyTorch state dict.</summary>
    private const string Counter = ".num_batches_tracked";

    private const string FirstWeight = "block_one.conv.0.weight";
    private static readonly string[] CountedNorms = ["GAP.0", "precls_conv.0"];

    /// <summary>In evaluation mode. The width is that of the tensors; names may begin with "module.".</summary>
    /// <param name="tasks">Real tasks, whose columns stand in this order.</param>
    /// <param name="source">For messages.</param>
    /// <exception cref="DomainException">Every tensor that is missing, extra, misshapen or no finite number, at once.</exception>
    public static VerSemiNetwork Import(IReadOnlyDictionary<string, Tensor> stateDict, int tasks, string source)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var faults = new List<string>();
        var given = WithoutWrapper(stateDict, faults);
        var network = new VerSemiNetwork(WidthOf(given, source), FeatureNorm.Batch, tasks, seed: 0);
        try
        {
            faults.AddRange(StateDictFaults.Of(given, Export(network).Where(entry => !IsCounter(entry.Key)).ToDictionary(), network.Width, tasks));
            if (faults.Count > 0)
                throw new DomainException($"'{source}' does not hold the reference's network of width {network.Width} with {tasks} tasks:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}");
            Fill(network, given);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The whole state dict, ready for load_state_dict(strict=True); the branch that is never trained is 0.</summary>
    /// <exception cref="DomainException">The network is another one or has no BatchNorm: the reference has no place for its weights.</exception>
    public static Dictionary<string, Tensor> Export(VerSemiNetwork network)
    {
        if (network.Design != NetworkDesign.Reference)
            throw new DomainException($"The model has the network '{network.Design.ToString().ToLowerInvariant()}', which is not the reference's: that cannot hold its weights. Its own weights.safetensors reads in Python as it is.");
        if (network.Norm != FeatureNorm.Batch)
            throw new DomainException($"The model has norm '{network.Norm.ToString().ToLowerInvariant()}', the reference's network only batch: it cannot hold these weights. Its own weights.safetensors reads in Python as it is.");
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var ours = network.state_dict();
        var exported = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in ours)
            if (ReferenceNames.Of(name) is { } reference)
                exported.Add(reference, tensor);
        var weight = cat([ours["controller.weight"], ours["controller.columns"].t(), ours["controller.synthetic"].unsqueeze(1)], 1);
        exported.Add(ReferenceNames.ControllerWeight, AllRows(weight)[TensorIndex.Ellipsis, TensorIndex.Null, TensorIndex.Null, TensorIndex.Null].contiguous().MoveToOuterDisposeScope());
        exported.Add(ReferenceNames.ControllerBias, AllRows(ours["controller.bias"]).MoveToOuterDisposeScope());
        foreach (var norm in CountedNorms)
            exported.Add(norm + Counter, tensor(0L).MoveToOuterDisposeScope());
        return exported;
    }

    private static void Fill(VerSemiNetwork network, Dictionary<string, Tensor> given)
    {
        var ours = network.state_dict();
        foreach (var (name, tensor) in ours)
            if (ReferenceNames.Of(name) is { } reference)
                tensor.copy_(given[reference]);
        var weight = given[ReferenceNames.ControllerWeight].flatten(1).index_select(0, UsedRows());
        var (pooled, columns) = (ours["controller.weight"].shape[1], (long)network.Columns);
        ours["controller.weight"].copy_(weight.narrow(1, 0, pooled));
        ours["controller.columns"].copy_(weight.narrow(1, pooled, columns).t());
        ours["controller.synthetic"].copy_(weight.select(1, pooled + columns));
        ours["controller.bias"].copy_(given[ReferenceNames.ControllerBias].index_select(0, UsedRows()));
    }

    private static Tensor AllRows(Tensor used) =>
        zeros([ReferenceNames.ControllerRows, .. used.shape[1..]], used.dtype, used.device).index_copy_(0, UsedRows().to(used.device), used);

    private static Tensor UsedRows() => tensor([.. Enumerable.Range(0, ReferenceNames.ControllerRows).Where(row => !ReferenceNames.IsUnusedRow(row)).Select(row => (long)row)]);

    private static Dictionary<string, Tensor> WithoutWrapper(IReadOnlyDictionary<string, Tensor> stateDict, List<string> faults)
    {
        var plain = new Dictionary<string, Tensor>();
        foreach (var (given, tensor) in stateDict)
        {
            var name = given.StartsWith(Wrapper, StringComparison.Ordinal) ? given[Wrapper.Length..] : given;
            if (!IsCounter(name) && !plain.TryAdd(name, tensor))
                faults.Add($"'{name}' is there twice, with and without '{Wrapper}'");
        }
        return plain;
    }

    private static bool IsCounter(string name) => name.EndsWith(Counter, StringComparison.Ordinal);

    // Everything else follows from the width; without the first weight the rest is compared with the reference's own.
    private static int WidthOf(Dictionary<string, Tensor> given, string source)
    {
        if (!given.TryGetValue(FirstWeight, out var first) || first.dim() != 5)
            return new TrainingRecipe().Width;
        return first.shape[0] is >= 4 and <= 64 and var width && width % 4 == 0
            ? (int)width
            : throw new DomainException($"'{source}': '{FirstWeight}' has {first.shape[0]} output channels, which is the network's width; allowed: 4…64, a multiple of 4.");
    }
}
