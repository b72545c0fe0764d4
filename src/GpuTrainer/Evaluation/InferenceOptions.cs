using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>How windows slide over a volume (docs/method.md, "Inference and metrics").</summary>
/// <param name="Overlap">Of neighbouring windows, 0…0.9.</param>
/// <param name="Centres">Where windows lie by overlap: a further one in the middle of each eight that are neighbours.</param>
/// <param name="Gaussian">True: a window's centre counts more than its border. False: plain mean.</param>
/// <param name="Stride">Voxels along x, y, z between windows instead of <paramref name="Overlap"/>; null: by overlap.</param>
/// <param name="MemoryMiB">Bound on the probabilities held at once; more tasks than fit cost a trunk pass per group.</param>
/// <param name="WindowBatch">Windows in one pass.</param>
public sealed record InferenceOptions(double Overlap = 0.5, bool Centres = true, bool Gaussian = true, Size3? Stride = null, int MemoryMiB = 1024, int WindowBatch = 4)
{
    /// <summary>Dense strides of 16, 16 and 4 voxels and the plain mean, as the reference; slow.</summary>
    public static InferenceOptions Reference { get; } = new(Gaussian: false, Stride: new Size3(16, 16, 4));

    public static InferenceOptions Of(TrainingRecipe recipe) => new(recipe.Overlap);
}
