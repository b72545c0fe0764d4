using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>Dice and cross-entropy of two-class predictions.</summary>
public static class VoxelLosses
{
    private const double Smooth = 1e-5;

    /// <summary>
    /// 1 − (2Σpt + 1e-5)/(Σp² + Σt² + 1e-5): the soft Dice of V-Net (Milletari et al., 2016, eq. 3) with squares below;
    /// sums over everything.
    /// </summary>
    /// <param name="prediction">Foreground probabilities, any shape.</param>
    /// <param name="target">Same shape, float.</param>
    public static Tensor Dice(Tensor prediction, Tensor target)
    {
        using var scope = NewDisposeScope();
        // Sums, not dot products: the bits of BLAS's depend on where in memory the operands begin.
        var both = (prediction * target).sum();
        var squares = prediction.Squared().sum().Plus(target.Squared().sum());
        return (both.Times(2).Plus(Smooth) / squares.Plus(Smooth)).OneMinus().MoveToOuterDisposeScope();
    }

    /// <summary>The mean over pools of each pool's Dice, so that a small target counts as much as a large one.</summary>
    /// <param name="prediction">(M, …)</param>
    /// <param name="target">Same shape, float.</param>
    /// <param name="pools">A number from 0 for each of the M rows, none left out; null: one pool, to the bits of the other overload.</param>
    public static Tensor Dice(Tensor prediction, Tensor target, IReadOnlyList<int>? pools)
    {
        if (pools is null)
            return Dice(prediction, target);
        using var scope = NewDisposeScope();
        var both = Pooled((prediction * target).flatten(1).sum(1), pools);
        var squares = Pooled(prediction.Squared().flatten(1).sum(1).Plus(target.Squared().flatten(1).sum(1)), pools);
        return (both.Times(2).Plus(Smooth) / squares.Plus(Smooth)).OneMinus().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Mean two-class cross-entropy: with d = foreground − background logit it is softplus(−d) on foreground, softplus(d) elsewhere.</summary>
    /// <param name="logits">Foreground − background logits, any shape.</param>
    /// <param name="target">Same shape, float, 0 or 1.</param>
    /// <param name="weight">Of each voxel, same shape; null: 1 everywhere.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, Tensor? weight = null) =>
        nn.functional.binary_cross_entropy_with_logits(logits, target, weight);

    // A sum under a mask, not index_add: that adds in any order on a GPU.
    private static Tensor Pooled(Tensor rows, IReadOnlyList<int> pools)
    {
        var count = pools.Max() + 1;
        if (count == pools.Count)
            return rows;
        var members = new float[count * pools.Count];
        for (var row = 0; row < pools.Count; row++)
            members[pools[row] * pools.Count + row] = 1;
        return (tensor(members, [count, pools.Count], device: rows.device) * rows.unsqueeze(0)).sum(1);
    }
}
