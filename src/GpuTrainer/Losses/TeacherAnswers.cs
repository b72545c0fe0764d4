using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>
/// The EMA teacher on a step's unlabelled images. Image i is asked for the task of labelled sample i, whose cube is
/// pasted into it, so that tasks are as balanced here as they are there; and for one task more, another one each step,
/// so that it says where one target ends and the next begins, at a cost that does not grow with the number of tasks.
/// </summary>
/// <param name="Tasks">First each image's task of the pasted sample, then, where there is more than one task, each image's other one.</param>
/// <param name="Foreground">Probabilities (N or 2·N, D, H, W), in the order of <paramref name="Tasks"/>, without graph.</param>
/// <param name="Noise">(N, 1, D, H, W), to be added to the images that the student sees; null: the student sees v = mix(u, x).</param>
public sealed record TeacherAnswers(IReadOnlyList<Prompt> Tasks, Tensor Foreground, Tensor? Noise)
{
    /// <param name="images">(N, 1, D, H, W)</param>
    /// <param name="own">The pasted samples' tasks, one an image.</param>
    /// <param name="all">Every active task.</param>
    /// <param name="draw">Counts the calls: says which other task comes in turn.</param>
    public static TeacherAnswers Of(VerSemiNetwork teacher, Tensor images, IReadOnlyList<Prompt> own, IReadOnlyList<Prompt> all, int draw, Tensor? noise)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        teacher.eval();
        Prompt[] tasks = all.Count == 1 ? [.. own] : [.. own, .. own.Select(task => Other(task, all, draw))];
        var logits = teacher.ForegroundLogits(teacher.Trunk(images), Samples(tasks.Length, own.Count), tasks);
        return new TeacherAnswers(tasks, logits.sigmoid().MoveToOuterDisposeScope(), noise);
    }

    /// <summary>The student's answers to the same questions: foreground − background logits, in the order of <see cref="Tasks"/>.</summary>
    /// <param name="trunk">Of the N images that the student sees.</param>
    public Tensor Ask(VerSemiNetwork student, TrunkOutput trunk) => student.ForegroundLogits(trunk, Samples(Tasks.Count, (int)trunk.Features.shape[0]), Tasks);

    /// <summary>
    /// Hard labels to learn v = mix(u, x) by, and where they hold: in x the truth of the labelled sample's task; of the
    /// other task nothing is known there.
    /// </summary>
    /// <param name="labels">Of the labelled samples, (N, D, H, W), 0 or 1.</param>
    /// <param name="mask">(N, D, H, W): 1 is u, 0 is x.</param>
    /// <param name="confidence">Answers of u hold where the probability of foreground or of background is at least this; 0.5: everywhere.</param>
    public (Tensor Target, Tensor Holds) PseudoLabels(Tensor labels, Tensor mask, double confidence = 0.5)
    {
        var (answers, n) = (Foreground.Above(0.5).to(ScalarType.Float32), labels.shape[0]);
        var own = where(mask.to(ScalarType.Bool), answers.narrow(0, 0, n), labels);
        var (target, holds) = Tasks.Count == n ? (own, ones_like(mask)) : (cat([own, answers.narrow(0, n, n) * mask]), cat([ones_like(mask), mask]));
        if (Confident(confidence) is not { } sure)
            return (target, holds);
        var inLabelled = mask.OneMinus(); // the truth needs no confidence
        var known = holds * sure.maximum(Tasks.Count == n ? inLabelled : cat([inLabelled, inLabelled]));
        return (target * known, known);
    }

    /// <summary>1 where the teacher is sure, in the order of <see cref="Tasks"/>; null: everywhere.</summary>
    public Tensor? Confident(double confidence) => Confidence.Of(Foreground, confidence);

    private static int[] Samples(int count, int images) => [.. Enumerable.Range(0, count).Select(i => i % images)];

    private static Prompt Other(Prompt own, IReadOnlyList<Prompt> all, int draw)
    {
        var place = Enumerable.Range(0, all.Count).First(i => all[i] == own);
        return all[(place + 1 + draw % (all.Count - 1)) % all.Count];
    }
}
