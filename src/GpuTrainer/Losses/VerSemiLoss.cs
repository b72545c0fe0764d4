using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>A batch of labelled samples.</summary>
/// <param name="Images">(N, 1, D, H, W), N even.</param>
/// <param name="Labels">(N, D, H, W), 0 or 1: foreground of the sample's own task, int64.</param>
/// <param name="Tasks">The samples' tasks.</param>
public sealed record LabelledBatch(Tensor Images, Tensor Labels, IReadOnlyList<Prompt> Tasks);

public sealed record LossWeights(double Synthetic = 1, double Specific = 0.5, double Consistency = 1, double Paste = 1, bool DetachAggregate = false);

/// <summary>The two stages' losses of algorithm.md, "Losses", each with one trunk pass per image batch.</summary>
public static class VerSemiLoss
{
    /// <summary>Terms dice, ce, synthetic, specific. "specific" is the sum of both halves' terms, unweighted.</summary>
    /// <param name="mask">(N/2, D, H, W), float: 1 is ground, 0 the pasted cube.</param>
    public static LossTerms Stage1(VerSemiNetwork network, LabelledBatch batch, Tensor mask, LossWeights weights)
    {
        var half = Half(batch);
        var (dice, ce) = Supervised(network, batch, out var labels);
        var mixed = Mixed(batch.Images, labels, mask, half);
        var trunk = network.Trunk(mixed.Images, statisticsPasses: 3);
        var samples = Enumerable.Range(0, half).ToArray();
        var (asA, asB) = (batch.Tasks.Take(half).ToArray(), batch.Tasks.Skip(half).ToArray());
        var predictions = Ask(network, trunk, samples, [.. samples.Select(_ => Prompt.Synthetic)], asA, asB);
        var same = tensor([.. samples.Select(i => asA[i] == asB[i])], ScalarType.Bool, mask.device).view(half, 1, 1, 1);
        var targetA = where(same, mixed.Labels, labels.narrow(0, 0, half) * mask);
        var targetB = where(same, mixed.Labels, labels.narrow(0, half, half) * (1 - mask));
        return new LossTerms(
            ("dice", dice, 1),
            ("ce", ce, 1),
            ("synthetic", VoxelLosses.Dice(predictions[0], mixed.Labels), weights.Synthetic),
            ("specific", VoxelLosses.Dice(predictions[1], targetA) + VoxelLosses.Dice(predictions[2], targetB), weights.Specific));
    }

    /// <summary>Terms dice, ce, synthetic_sup, aggregate, paste; the reference's "sup" is dice + ce.</summary>
    /// <param name="unlabelled">(N, 1, D, H, W)</param>
    /// <param name="labelledMask">(N/2, D, H, W), of mix(a, b).</param>
    /// <param name="unlabelledMask">(N, D, H, W), of mix(u, x).</param>
    /// <param name="aggregated">The real tasks whose maximum is P: those of the active label space.</param>
    public static LossTerms Stage2(VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor labelledMask, Tensor unlabelledMask, IReadOnlyList<Prompt> aggregated, LossWeights weights)
    {
        var half = Half(batch);
        var (dice, ce) = Supervised(network, batch, out var labels);
        var mixed = Mixed(batch.Images, labels, labelledMask, half);
        var mixedTrunk = network.Trunk(mixed.Images);
        var onMixed = Ask(network, mixedTrunk, [.. Enumerable.Range(0, half)], [.. Enumerable.Repeat(Prompt.Synthetic, half)])[0];

        var count = (int)unlabelled.shape[0];
        var pasted = Mix(unlabelled, batch.Images, unlabelledMask.unsqueeze(1));
        var trunk = network.Trunk(pasted, statisticsPasses: aggregated.Count + 1);
        var samples = Enumerable.Range(0, count).ToArray();
        var synthetic = Ask(network, trunk, samples, [.. samples.Select(_ => Prompt.Synthetic)])[0];
        var aggregate = Aggregate(network, trunk, aggregated, weights.DetachAggregate);
        var cube = 1 - unlabelledMask;
        return new LossTerms(
            ("dice", dice, 1),
            ("ce", ce, 1),
            ("synthetic_sup", VoxelLosses.Dice(onMixed, mixed.Labels), weights.Synthetic),
            ("aggregate", VoxelLosses.Dice(synthetic, aggregate), weights.Consistency),
            ("paste", VoxelLosses.Dice(synthetic * cube, labels * cube), weights.Paste));
    }

    private static (Tensor Dice, Tensor CrossEntropy) Supervised(VerSemiNetwork network, LabelledBatch batch, out Tensor labels)
    {
        var trunk = network.Trunk(batch.Images);
        labels = batch.Labels.to(ScalarType.Float32);
        var logits = network.ForegroundLogits(trunk, [.. Enumerable.Range(0, batch.Tasks.Count)], batch.Tasks);
        return (VoxelLosses.Dice(logits.sigmoid(), labels), VoxelLosses.CrossEntropy(logits, labels));
    }

    /// <summary>P = max over the tasks of the foreground probability. The maximum of the logits has the maximal probability.</summary>
    private static Tensor Aggregate(VerSemiNetwork network, TrunkOutput trunk, IReadOnlyList<Prompt> tasks, bool detach)
    {
        using var grad = set_grad_enabled(!detach);
        return network.MaximalForegroundLogits(trunk, tasks).sigmoid();
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
