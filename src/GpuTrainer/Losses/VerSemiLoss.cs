using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>A batch of labelled samples.</summary>
/// <param name="Images">(N, 1, D, H, W), N even.</param>
/// <param name="Labels">(N, D, H, W), 0 or 1: foreground of the sample's own task, int64.</param>
/// <param name="Tasks">The samples' tasks.</param>
public sealed record LabelledBatch(Tensor Images, Tensor Labels, IReadOnlyList<Prompt> Tasks);

/// <summary>A term of weight 0 is not computed.</summary>
public sealed record LossWeights(double Synthetic = 1, double Specific = 0.5, double Consistency = 1, double Paste = 1, bool DetachAggregate = false, double Teacher = 1);

/// <summary>The two stages' losses of docs/method.md, "Losses", each with one trunk pass per image batch.</summary>
public static class VerSemiLoss
{
    /// <summary>Terms dice, ce, synthetic, specific. "specific" is the sum of both halves' terms, unweighted.</summary>
    /// <param name="mask">(N/2, D, H, W), float: 1 is ground, 0 the pasted cube.</param>
    /// <param name="old">Adds the term distillation, on the labelled images.</param>
    public static StepLoss Stage1(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights, Distillation? old = null)
    {
        var (half, labels) = (Half(batch), batch.Labels.to(ScalarType.Float32));
        List<Func<LossPart>> parts = [() => Supervised(network, batch, labels, old)];
        if (weights is not { Synthetic: 0, Specific: 0 })
            parts.Add(() => OnMixed(network, batch, labels, mask, half, ("synthetic", weights.Synthetic), weights.Specific));
        return new StepLoss(parts);
    }

    /// <summary>
    /// Head-only growth: stage 1 without the synthetic term, whose column is frozen. Terms dice, ce, specific. In a
    /// network that is frozen but for its columns no trunk pass has a graph.
    /// </summary>
    /// <param name="mask">(N/2, D, H, W), of mix(a, b).</param>
    public static StepLoss NewColumns(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights)
    {
        var (half, labels) = (Half(batch), batch.Labels.to(ScalarType.Float32));
        List<Func<LossPart>> parts = [() => Supervised(network, batch, labels, null)];
        if (weights.Specific != 0)
            parts.Add(() => OnMixed(network, batch, labels, mask, half, ("synthetic", 0), weights.Specific));
        return new StepLoss(parts);
    }

    /// <summary>Terms dice, ce, synthetic_sup, aggregate, paste, and the teacher's; the reference's "sup" is dice + ce.</summary>
    /// <param name="unlabelled">(N, 1, D, H, W)</param>
    /// <param name="labelledMask">(N/2, D, H, W), of mix(a, b).</param>
    /// <param name="unlabelledMask">(N, D, H, W), of mix(u, x).</param>
    /// <param name="aggregated">The real tasks whose maximum is P: those of the active label space.</param>
    /// <param name="teacher">Null: the reference.</param>
    /// <param name="counts">Counts what is said of the unlabelled images on the way.</param>
    /// <param name="old">Adds the terms distillation, on the labelled images, and distillation_unlabelled, on mix(u, x).</param>
    public static StepLoss Stage2(
        VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor labelledMask, Tensor unlabelledMask, IReadOnlyList<Prompt> aggregated, LossWeights weights, TeacherAnswers? teacher = null, UnlabelledCounts? counts = null, Distillation? old = null)
    {
        var (half, labels) = (Half(batch), batch.Labels.to(ScalarType.Float32));
        List<Func<LossPart>> parts = [() => Supervised(network, batch, labels, old)];
        if (weights.Synthetic != 0)
            parts.Add(() => OnMixed(network, batch, labels, labelledMask, half, ("synthetic_sup", weights.Synthetic), specific: 0));
        if (teacher?.Noise is { } noise)
            parts.Add(() => Noisy(network, batch, unlabelled.Plus(noise), teacher, weights.Teacher, counts, old));
        else if (weights.Consistency != 0 || weights.Paste != 0 || teacher is not null || old is not null)
            parts.Add(() => Pasted(network, batch, labels, unlabelled, unlabelledMask, aggregated, weights, teacher, counts, old));
        return new StepLoss(parts);
    }

    private static LossPart Supervised(VerSemiNetwork network, LabelledBatch batch, Tensor labels, Distillation? old)
    {
        var trunk = network.Trunk(batch.Images);
        var logits = network.ForegroundLogits(trunk, [.. Enumerable.Range(0, batch.Tasks.Count)], batch.Tasks);
        return new LossPart([("dice", VoxelLosses.Dice(logits.sigmoid(), labels), 1), ("ce", VoxelLosses.CrossEntropy(logits, labels), 1), .. Held(old, "distillation", network, batch.Images, trunk)]);
    }

    /// <summary>What mix(a, b) teaches: the synthetic task, and both halves' own tasks.</summary>
    private static LossPart OnMixed(VerSemiNetwork network, LabelledBatch batch, Tensor labels, Tensor mask, int half, (string Name, double Weight) synthetic, double specific)
    {
        var mixed = Mixed(batch.Images, labels, mask, half);
        List<Prompt[]> questions = [];
        if (synthetic.Weight != 0)
            questions.Add([.. Enumerable.Repeat(Prompt.Synthetic, half)]);
        if (specific != 0)
            questions.AddRange([[.. batch.Tasks.Take(half)], [.. batch.Tasks.Skip(half)]]);
        var answers = Ask(network, network.Trunk(mixed.Images, statisticsPasses: questions.Count), [.. Enumerable.Range(0, half)], [.. questions]);
        List<(string, Tensor, double)> terms = [];
        if (synthetic.Weight != 0)
            terms.Add((synthetic.Name, VoxelLosses.Dice(answers[0], mixed.Labels), synthetic.Weight));
        if (specific != 0)
            terms.Add(("specific", Specific(answers[^2], answers[^1], batch.Tasks, labels, mixed.Labels, mask), specific));
        return new LossPart(terms);
    }

    /// <summary>What v = mix(u, x) teaches.</summary>
    private static LossPart Pasted(
        VerSemiNetwork network, LabelledBatch batch, Tensor labels, Tensor unlabelled, Tensor mask, IReadOnlyList<Prompt> aggregated, LossWeights weights, TeacherAnswers? teacher, UnlabelledCounts? counts, Distillation? old)
    {
        var samples = Enumerable.Range(0, (int)unlabelled.shape[0]).ToArray();
        var synthetic = samples.Select(_ => Prompt.Synthetic).ToArray();
        var images = Mix(unlabelled, batch.Images, mask.unsqueeze(1));
        var trunk = network.Trunk(images, statisticsPasses: aggregated.Count + 1);
        var terms = Held(old, "distillation_unlabelled", network, images, trunk);
        if (weights.Consistency != 0 || weights.Paste != 0)
        {
            var foreground = Ask(network, trunk, samples, synthetic)[0];
            var cube = mask.OneMinus();
            if (weights.Consistency != 0)
            {
                var aggregate = Aggregate(network, trunk, aggregated, weights.DetachAggregate, counts?.EachHead(aggregated, mask));
                counts?.Compare(aggregate, foreground, mask);
                terms.Add(("aggregate", VoxelLosses.Dice(foreground, aggregate), weights.Consistency));
            }
            if (weights.Paste != 0)
                terms.Add(("paste", VoxelLosses.Dice(foreground * cube, labels * cube), weights.Paste));
        }
        if (teacher is not null)
        {
            var (target, holds) = teacher.PseudoLabels(labels, mask);
            var logits = teacher.Ask(network, trunk);
            if (weights.Consistency == 0)
                counts?.Answers(logits.narrow(0, 0, samples.Length), batch.Tasks, mask);
            terms.Add(("teacher", VoxelLosses.Dice(logits.sigmoid() * holds, target).Plus(VoxelLosses.CrossEntropy(logits, target, holds)), weights.Teacher));
        }
        return new LossPart(terms);
    }

    private static LossPart Noisy(
        VerSemiNetwork network, LabelledBatch batch, Tensor images, TeacherAnswers teacher, double weight, UnlabelledCounts? counts, Distillation? old)
    {
        var trunk = network.Trunk(images);
        var logits = teacher.Ask(network, trunk);
        counts?.Answers(logits.narrow(0, 0, batch.Tasks.Count), batch.Tasks, mask: null);
        return new LossPart([("teacher", (logits.sigmoid() - teacher.Foreground).Squared().mean(), weight), .. Held(old, "distillation_unlabelled", network, images, trunk)]);
    }

    /// <summary>Both halves' answers on mix(a, b): each prompt keeps its own half's foreground, or all of it where both halves ask the same.</summary>
    private static Tensor Specific(Tensor asA, Tensor asB, IReadOnlyList<Prompt> tasks, Tensor labels, Tensor mixed, Tensor mask)
    {
        var half = tasks.Count / 2;
        var same = tensor([.. Enumerable.Range(0, half).Select(i => tasks[i] == tasks[half + i])], ScalarType.Bool, mask.device).view(half, 1, 1, 1);
        var targetA = where(same, mixed, labels.narrow(0, 0, half) * mask);
        var targetB = where(same, mixed, labels.narrow(0, half, half) * mask.OneMinus());
        return VoxelLosses.Dice(asA, targetA).Plus(VoxelLosses.Dice(asB, targetB));
    }

    private static List<(string, Tensor, double)> Held(Distillation? old, string name, VerSemiNetwork network, Tensor images, TrunkOutput trunk) =>
        old is null ? [] : [(name, old.Loss(network, images, trunk), old.Weight)];

    /// <summary>P = max over the tasks of the foreground probability. The maximum of the logits has the maximal probability.</summary>
    private static Tensor Aggregate(VerSemiNetwork network, TrunkOutput trunk, IReadOnlyList<Prompt> tasks, bool detach, Action<int, Tensor>? each)
    {
        using var grad = set_grad_enabled(!detach);
        return network.MaximalForegroundLogits(trunk, tasks, each).sigmoid();
    }

    /// <summary>Foreground probabilities (N, D, H, W) of each list of prompts, one prompt a sample, all heads in one go.</summary>
    private static Tensor[] Ask(VerSemiNetwork network, TrunkOutput trunk, int[] samples, params Prompt[][] questions)
    {
        var entries = samples.SelectMany((s, i) => questions.Select(q => (Sample: s, Prompt: q[i]))).ToArray();
        var logits = network.ForegroundLogits(trunk, [.. entries.Select(e => e.Sample)], [.. entries.Select(e => e.Prompt)]);
        return [.. logits.unflatten(0, samples.Length, questions.Length).sigmoid().unbind(1)];
    }

    private static (Tensor Images, Tensor Labels) Mixed(Tensor images, Tensor labels, Tensor mask, int half) => (
        Mix(images.narrow(0, 0, half), images.narrow(0, half, half), mask.unsqueeze(1)),
        Mix(labels.narrow(0, 0, half), labels.narrow(0, half, half), mask));

    /// <summary>A·m + B·(1−m) for masks of 0 and 1.</summary>
    private static Tensor Mix(Tensor ground, Tensor pasted, Tensor mask) => where(mask.to(ScalarType.Bool), ground, pasted);

    private static int Half(LabelledBatch batch) => batch.Tasks.Count % 2 == 0 && batch.Tasks.Count == batch.Images.shape[0]
        ? batch.Tasks.Count / 2
        : throw new ArgumentException($"A batch of {batch.Images.shape[0]} images with {batch.Tasks.Count} tasks: its halves are mixed, so it needs an even number with a task each.", nameof(batch));
}
