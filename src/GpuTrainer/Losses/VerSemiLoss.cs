using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>The two stages' losses of docs/method.md, "Losses", each with one trunk pass per image batch.</summary>
public static class VerSemiLoss
{
    /// <summary>Terms dice, ce, synthetic, specific. "specific" is the sum of both halves' terms, unweighted.</summary>
    /// <param name="mask">(N/2, D, H, W), float: 1 is ground, 0 the pasted cube.</param>
    /// <param name="old">Adds the term distillation, on the labelled images.</param>
    public static StepLoss Stage1(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights, Distillation? old = null)
    {
        var half = Half(batch);
        List<Func<double, LossPart>> parts = [share => Supervised(network, batch, weights.Over, old, share)];
        if (weights is not { Synthetic: 0, Specific: 0 })
            parts.Add(_ => OnMixed(network, batch, mask, half, weights, ("synthetic", weights.Synthetic), weights.Specific));
        return new StepLoss(parts);
    }

    /// <summary>
    /// Head-only growth: stage 1 without the synthetic term, whose column is frozen. Terms dice, ce, specific. In a
    /// network that is frozen but for its columns no trunk pass has a graph.
    /// </summary>
    /// <param name="mask">(N/2, D, H, W), of mix(a, b).</param>
    public static StepLoss NewColumns(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights)
    {
        var half = Half(batch);
        List<Func<double, LossPart>> parts = [share => Supervised(network, batch, weights.Over, null, share)];
        if (weights.Specific != 0)
            parts.Add(_ => OnMixed(network, batch, mask, half, weights, ("synthetic", 0), weights.Specific));
        return new StepLoss(parts);
    }

    /// <summary>Terms dice, ce, synthetic_sup, aggregate, paste, and the teacher's; the reference's "sup" is dice + ce.</summary>
    /// <param name="unlabelled">(N, 1, D, H, W), as the network sees them.</param>
    /// <param name="labelledMask">(N/2, D, H, W), of mix(a, b).</param>
    /// <param name="unlabelledMask">(N, D, H, W), of mix(u, x).</param>
    /// <param name="aggregated">The real tasks whose maximum is P: those of the active label space.</param>
    /// <param name="teacher">Null: the reference.</param>
    /// <param name="counts">Counts what is said of the unlabelled images on the way.</param>
    /// <param name="old">Adds the terms distillation, on the labelled images, and distillation_unlabelled, on mix(u, x).</param>
    public static StepLoss Stage2(
        VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor labelledMask, Tensor unlabelledMask, IReadOnlyList<Prompt> aggregated, LossWeights weights, TeacherAnswers? teacher = null, UnlabelledCounts? counts = null, Distillation? old = null)
    {
        var half = Half(batch);
        List<Func<double, LossPart>> parts = [share => Supervised(network, batch, weights.Over, old, share)];
        if (weights.Synthetic != 0)
            parts.Add(_ => OnMixed(network, batch, labelledMask, half, weights, ("synthetic_sup", weights.Synthetic), specific: 0));
        if (teacher?.Noise is { } noise)
            parts.Add(_ => Noisy(network, batch, unlabelled.Plus(noise), teacher, weights, counts, old));
        else if (weights.Consistency != 0 || weights.Paste != 0 || teacher is not null || old is not null)
            parts.Add(_ => Pasted(network, batch, unlabelled, unlabelledMask, aggregated, weights, teacher, counts, old));
        if (teacher is { Noise: null } && weights.BothWays)
            parts.Add(_ => PastedOutwards(network, batch, unlabelled, unlabelledMask, weights, teacher));
        return new StepLoss(parts);
    }

    private static LossPart Supervised(VerSemiNetwork network, LabelledBatch batch, DiceOver over, Distillation? old, double share)
    {
        var trunk = network.Trunk(batch.Images);
        var own = SupervisedHeads.Loss(network, trunk, batch, over, share);
        return own with { Terms = [.. own.Terms, .. Held(old, "distillation", network, batch.Images, trunk)] };
    }

    /// <summary>What mix(a, b) teaches: the synthetic task, and both halves' own tasks.</summary>
    private static LossPart OnMixed(VerSemiNetwork network, LabelledBatch batch, Tensor mask, int half, LossWeights weights, (string Name, double Weight) synthetic, double specific)
    {
        var targets = new MixedTargets(batch, mask, weights.Unannotated);
        List<Prompt[]> questions = [];
        if (synthetic.Weight != 0)
            questions.Add([.. Enumerable.Repeat(Prompt.Synthetic, half)]);
        if (specific != 0)
            questions.AddRange([[.. batch.Tasks.Take(half)], [.. batch.Tasks.Skip(half)]]);
        var images = MixedTargets.Mix(batch.Images.narrow(0, 0, half), batch.Images.narrow(0, half, half), mask.unsqueeze(1));
        var answers = Ask(network, network.Trunk(images, statisticsPasses: questions.Count), [.. Enumerable.Range(0, half)], [.. questions]);
        List<(string, Tensor, double)> terms = [];
        if (synthetic.Weight != 0)
            terms.Add((synthetic.Name, VoxelLosses.Dice(answers[0], targets.Union(), DicePools.Of(weights.Over, questions[0])), synthetic.Weight));
        if (specific != 0)
        {
            var ofGround = Specific(answers[^2], questions[^2], targets.Of(ofPasted: false), weights.Over);
            terms.Add(("specific", ofGround.Plus(Specific(answers[^1], questions[^1], targets.Of(ofPasted: true), weights.Over)), specific));
        }
        return new LossPart(terms);
    }

    /// <summary>One half's own tasks on mix(a, b).</summary>
    private static Tensor Specific(Tensor answers, Prompt[] tasks, (Tensor Target, Tensor? Holds) expected, DiceOver over) =>
        VoxelLosses.Dice(expected.Holds is { } holds ? answers * holds : answers, expected.Target, DicePools.Of(over, tasks));

    /// <summary>What v = mix(u, x) teaches.</summary>
    private static LossPart Pasted(
        VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor mask, IReadOnlyList<Prompt> aggregated, LossWeights weights, TeacherAnswers? teacher, UnlabelledCounts? counts, Distillation? old)
    {
        var samples = Enumerable.Range(0, (int)unlabelled.shape[0]).ToArray();
        var synthetic = samples.Select(_ => Prompt.Synthetic).ToArray();
        var images = MixedTargets.Mix(unlabelled, batch.Images, mask.unsqueeze(1));
        var trunk = network.Trunk(images, statisticsPasses: aggregated.Count + 1);
        var terms = Held(old, "distillation_unlabelled", network, images, trunk);
        if (weights.Consistency != 0 || weights.Paste != 0)
        {
            var foreground = Ask(network, trunk, samples, synthetic)[0];
            var cube = mask.OneMinus();
            if (weights.Consistency != 0)
            {
                var (aggregate, sure) = Aggregate(network, trunk, aggregated, weights, counts?.EachHead(aggregated, mask));
                counts?.Compare(aggregate, foreground, mask);
                var (asked, target) = sure is null ? (foreground, aggregate) : (foreground * sure, aggregate * sure);
                terms.Add(("aggregate", VoxelLosses.Dice(asked, target, DicePools.Of(weights.Over, synthetic)), weights.Consistency));
            }
            if (weights.Paste != 0)
                terms.Add(("paste", VoxelLosses.Dice(foreground * cube, batch.UnionLabels() * cube, DicePools.Of(weights.Over, synthetic)), weights.Paste));
        }
        if (teacher is not null)
        {
            var logits = teacher.Ask(network, trunk);
            if (weights.Consistency == 0)
                counts?.Answers(logits.narrow(0, 0, samples.Length), batch.Tasks, mask);
            terms.Add(("teacher", Taught(logits, teacher, teacher.PseudoLabels(batch.OwnLabels(), mask, weights.TeacherConfidence), weights), weights.Teacher));
        }
        return new LossPart(terms);
    }

    /// <summary>What mix(x, u) teaches, the cube of u in x: the teacher's answers in the cube, the truth around it.</summary>
    private static LossPart PastedOutwards(VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor mask, LossWeights weights, TeacherAnswers teacher)
    {
        var logits = teacher.Ask(network, network.Trunk(MixedTargets.Mix(batch.Images, unlabelled, mask.unsqueeze(1))));
        var taught = teacher.PseudoLabels(batch.OwnLabels(), mask.OneMinus(), weights.TeacherConfidence);
        return new LossPart([("teacher_outwards", Taught(logits, teacher, taught, weights), weights.Teacher)]);
    }

    /// <summary>Dice and cross-entropy of the teacher's questions against pseudo labels, where these hold.</summary>
    private static Tensor Taught(Tensor logits, TeacherAnswers teacher, (Tensor Target, Tensor Holds) labels, LossWeights weights) =>
        VoxelLosses.Dice(logits.sigmoid() * labels.Holds, labels.Target, DicePools.Of(weights.Over, teacher.Tasks)).Plus(VoxelLosses.CrossEntropy(logits, labels.Target, labels.Holds));

    private static LossPart Noisy(
        VerSemiNetwork network, LabelledBatch batch, Tensor images, TeacherAnswers teacher, LossWeights weights, UnlabelledCounts? counts, Distillation? old)
    {
        var trunk = network.Trunk(images);
        var logits = teacher.Ask(network, trunk);
        counts?.Answers(logits.narrow(0, 0, batch.Tasks.Count), batch.Tasks, mask: null);
        var difference = (logits.sigmoid() - teacher.Foreground).Squared();
        if (teacher.Confident(weights.TeacherConfidence) is { } sure)
            difference = difference * sure;
        return new LossPart([("teacher", difference.mean(), weights.Teacher), .. Held(old, "distillation_unlabelled", network, images, trunk)]);
    }

    private static List<(string, Tensor, double)> Held(Distillation? old, string name, VerSemiNetwork network, Tensor images, TrunkOutput trunk) =>
        old is null ? [] : [(name, old.Loss(network, images, trunk), old.Weight)];

    /// <summary>P = max over the tasks of the foreground probability, sharpened. The maximum of the logits has the maximal probability.</summary>
    /// <returns>P, and 1 where it is sure; null: it counts everywhere.</returns>
    private static (Tensor P, Tensor? Sure) Aggregate(VerSemiNetwork network, TrunkOutput trunk, IReadOnlyList<Prompt> tasks, LossWeights weights, Action<int, Tensor>? each)
    {
        using var grad = set_grad_enabled(!weights.DetachAggregate);
        var logits = network.MaximalForegroundLogits(trunk, tasks, each);
        var sharpened = weights.Temperature == 1 ? logits : logits.Times(1 / weights.Temperature);
        return (sharpened.sigmoid(), Confidence.Of(logits.sigmoid(), weights.Confidence));
    }

    /// <summary>Foreground probabilities (N, D, H, W) of each list of prompts, one prompt a sample, all heads in one go.</summary>
    private static Tensor[] Ask(VerSemiNetwork network, TrunkOutput trunk, int[] samples, params Prompt[][] questions)
    {
        var entries = samples.SelectMany((s, i) => questions.Select(q => (Sample: s, Prompt: q[i]))).ToArray();
        var logits = network.ForegroundLogits(trunk, [.. entries.Select(e => e.Sample)], [.. entries.Select(e => e.Prompt)]);
        return [.. logits.unflatten(0, samples.Length, questions.Length).sigmoid().unbind(1)];
    }

    private static int Half(LabelledBatch batch) => batch.Tasks.Count % 2 == 0 && batch.Tasks.Count == batch.Images.shape[0]
        ? batch.Tasks.Count / 2
        : throw new ArgumentException($"A batch of {batch.Images.shape[0]} images with {batch.Tasks.Count} tasks: its halves are mixed, so it needs an even number with a task each.", nameof(batch));
}
