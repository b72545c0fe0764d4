using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>A batch of labelled samples.</summary>
/// <param name="Images">(N, 1, D, H, W), N even.</param>
/// <param name="Labels">(N, D, H, W), 0 or 1: foreground of the sample's own task, int64.</param>
/// <param name="Tasks">The samples' tasks.</param>
public sealed record LabelledBatch(Tensor Images, Tensor Labels, IReadOnlyList<Prompt> Tasks);

/// <summary>The terms of a loss, each still unweighted, and their weighted sum with its graph.</summary>
public sealed record LossTerms(Tensor Total, IReadOnlyDictionary<string, double> Terms);

public sealed record LossWeights(double Synthetic = 1, double Specific = 0.5, double Consistency = 1, double Paste = 1, bool DetachAggregate = false);

/// <summary>The two stages' losses of algorithm.md, "Losses", each with one trunk pass per image batch.</summary>
public static class VerSemiLoss
{
    /// <param name="mask">(N/2, D, H, W), float: 1 is ground, 0 the pasted cube.</param>
    public static LossTerms Stage1(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights) => throw new NotImplementedException();

    /// <param name="unlabelled">(N, 1, D, H, W)</param>
    /// <param name="labelledMask">(N/2, D, H, W), of mix(a, b).</param>
    /// <param name="unlabelledMask">(N, D, H, W), of mix(u, x).</param>
    /// <param name="aggregated">The real tasks whose maximum is P: those of the active label space.</param>
    public static LossTerms Stage2(VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor labelledMask, Tensor unlabelledMask, IReadOnlyList<Prompt> aggregated, LossWeights weights) => throw new NotImplementedException();
}
