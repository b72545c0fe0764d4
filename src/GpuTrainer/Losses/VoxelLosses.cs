using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>Dice and cross-entropy of two-class predictions, each over the whole batch.</summary>
public static class VoxelLosses
{
    private const double Smooth = 1e-5;

    /// <summary>
    /// 1 − (2Σpt + 1e-5)/(Σp² + Σt² + 1e-5): the soft Dice of V-Net (Milletari et al., 2016, eq. 3) with squares below.
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

    /// <summary>Mean two-class cross-entropy: with d = foreground − background logit it is softplus(−d) on foreground, softplus(d) elsewhere.</summary>
    /// <param name="logits">Foreground − background logits, any shape.</param>
    /// <param name="target">Same shape, float, 0 or 1.</param>
    /// <param name="weight">Of each voxel, same shape; null: 1 everywhere.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, Tensor? weight = null) =>
        nn.functional.binary_cross_entropy_with_logits(logits, target, weight);
}
