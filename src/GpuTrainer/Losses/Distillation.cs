using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>
/// Learning without Forgetting (Li, Hoiem, ECCV 2016) for two-class answers: the student answers old prompts as a frozen
/// teacher does. The teacher's probabilities are soft labels of the losses that real labels have: cross-entropy (less
/// the teacher's entropy, which is the Kullback–Leibler divergence) and Dice with squares, both 0 where the answers are
/// equal. Dice weighs a small organ as a large one; over all prompts and images at once, so that prompts without an
/// answer in the batch do not count by their noise.
/// </summary>
/// <param name="teacher">In evaluation mode, on the student's device.</param>
/// <param name="prompts">Those that are asked, of the teacher's columns.</param>
public sealed class Distillation(VerSemiNetwork teacher, IReadOnlyList<Prompt> prompts, double weight)
{
    public double Weight => weight;
    public IReadOnlyList<Prompt> Prompts => prompts;

    /// <summary>The teacher's trunk runs once, without a graph.</summary>
    /// <param name="images">(N, 1, D, H, W)</param>
    /// <param name="trunk">The student's, on these images.</param>
    /// <returns>A scalar with its graph.</returns>
    public Tensor Loss(VerSemiNetwork student, Tensor images, TrunkOutput trunk)
    {
        using var scope = NewDisposeScope();
        var (logits, taught) = (Ask(student, trunk), Taught(images));
        var target = taught.sigmoid();
        var divergence = VoxelLosses.CrossEntropy(logits, target) - VoxelLosses.CrossEntropy(taught, target);
        return divergence.Plus(VoxelLosses.Dice(logits.sigmoid(), target)).MoveToOuterDisposeScope();
    }

    private Tensor Taught(Tensor images)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Ask(teacher, teacher.Trunk(images)).MoveToOuterDisposeScope();
    }

    /// <returns>(N·K, D, H, W), the prompts of a sample side by side.</returns>
    private Tensor Ask(VerSemiNetwork network, TrunkOutput trunk)
    {
        var samples = Enumerable.Range(0, (int)trunk.Features.shape[0]);
        return network.ForegroundLogits(trunk, [.. samples.SelectMany(sample => Enumerable.Repeat(sample, prompts.Count))], [.. samples.SelectMany(_ => prompts)]);
    }
}
