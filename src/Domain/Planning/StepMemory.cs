using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>
/// The memory that a training step adds to a process. Most of it are activations that backward needs: in proportion to
/// the voxels of the largest batch that passes the trunk, a constant part a voxel (images, heads, losses, libtorch's copies
/// in its own layouts) and one for each channel of the first block. The constants were fitted to the measured peaks of real
/// steps on a CPU at widths 4 to 32, patches 32³ to 64³ and batches of 2 and 4 (docs/decisions, "The automatic recipe"); a
/// test holds the model to a measured step.
/// </summary>
public static class StepMemory
{
    /// <summary>Program, libtorch and a run's small things, without any step.</summary>
    public const long ProcessBytes = 400L << 20;

    private const double BytesPerVoxel = 1300;
    private const double BytesPerVoxelAndChannel = 10;

    /// <summary>What the fine network adds: at full resolution the sum with the skip, the convolution and its norm.</summary>
    private const double FineBytesPerVoxelAndChannel = 16;

    /// <summary>libtorch's workspaces for the first step, whatever its size.</summary>
    private const double FixedBytes = 20e6;

    /// <summary>Weights, gradients, average, Adam's two moments and what Adam needs on the way; weights grow with the square of the width.</summary>
    private const double BytesPerSquaredWidth = 1.13e6;

    /// <summary>Of the weights, their average and Adam's two moments: what a checkpoint copies, to be collected later.</summary>
    private const double CheckpointBytesPerSquaredWidth = 0.54e6;

    /// <summary>Images, labels and masks of a step's samples, a voxel.</summary>
    private const double BatchBytesPerVoxel = 17;

    /// <summary>Prepared ahead, in the step, and not collected yet.</summary>
    private const int BatchesAtOnce = 6;

    /// <summary>Code and caches that only a training needs.</summary>
    private const double TrainingBytes = 64 << 20;

    /// <summary>The width that a CPU computes with (docs/decisions, 37).</summary>
    private static int Computed(int width) => Math.Max(8, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)width));

    /// <summary>What a training on a CPU adds to the peak of its steps: batches, checkpoints, code; without the prepared volumes.</summary>
    public static long BesideSteps(TrainingRecipe recipe) => (long)(TrainingBytes + CheckpointBytesPerSquaredWidth * recipe.Width * recipe.Width
        + BatchesAtOnce * BatchBytesPerVoxel * recipe.LabelledBatch * recipe.Accumulate * Geometry.Voxels(recipe.Patch));

    public static long Of(TrainingRecipe recipe) =>
        Of(recipe.Width, Geometry.Voxels(recipe.Patch), recipe.LabelledBatch, recipe.Precision, recipe.Network);

    /// <param name="voxels">Of one patch.</param>
    /// <param name="batch">Labelled samples; as many unlabelled ones in stage 2, which pass the trunk after them.</param>
    public static long Of(int width, long voxels, int batch, TrunkPrecision precision = TrunkPrecision.Float32, NetworkDesign network = NetworkDesign.Reference) =>
        (long)(FixedBytes + BytesPerSquaredWidth * width * width + batch * voxels * (BytesPerVoxel + BytesOfChannel(network) * Computed(width) / (precision == TrunkPrecision.Bfloat16 ? 2 : 1)));

    private static double BytesOfChannel(NetworkDesign network) => BytesPerVoxelAndChannel + (network == NetworkDesign.Fine ? FineBytesPerVoxelAndChannel : 0);
}
