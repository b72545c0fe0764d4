using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>
/// The EMA teacher on a step's unlabelled images: image i is asked for the task of labelled sample i, whose cube is
/// pasted into it, so that tasks are as balanced here as they are there.
/// </summary>
/// <param name="Foreground">Probabilities (N, D, H, W), without graph.</param>
/// <param name="Noise">(N, 1, D, H, W), to be added to the images that the student sees; null: the student sees v = mix(u, x).</param>
public sealed record TeacherAnswers(Tensor Foreground, Tensor? Noise)
{
    /// <param name="images">(N, 1, D, H, W)</param>
    /// <param name="tasks">One an image.</param>
    public static TeacherAnswers Of(VerSemiNetwork teacher, Tensor images, IReadOnlyList<Prompt> tasks, Tensor? noise)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        teacher.eval();
        var logits = teacher.ForegroundLogits(teacher.Trunk(images), [.. Enumerable.Range(0, tasks.Count)], tasks);
        return new TeacherAnswers(logits.sigmoid().MoveToOuterDisposeScope(), noise);
    }

    /// <summary>(N, D, H, W), float 0 or 1.</summary>
    public Tensor HardLabels() => Foreground.gt(0.5).to(ScalarType.Float32);
}
