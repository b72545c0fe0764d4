using VerSemi.GpuTrainer;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.Benchmarks.Speed;

/// <summary>
/// Stage 2's loss by the reference's data flow (docs/method.md): the whole network once for each prompt, two logits and
/// softmax, P as the maximum over all prompts' kept probabilities. What the product's one trunk pass is compared with.
/// </summary>
internal static class SeparatePasses
{
    /// <returns>The total, with its graph: 10 + 4·T volumes through the network at a batch of 4 + 4.</returns>
    public static Tensor Stage2(VerSemiNetwork network, LabelledBatch batch, Tensor unlabelled, Tensor labelledMask, Tensor unlabelledMask, IReadOnlyList<Prompt> tasks)
    {
        var half = batch.Tasks.Count / 2;
        var labels = batch.Labels.to(ScalarType.Float32);
        var logits = Ask(network, batch.Images, batch.Tasks);
        var supervised = Dice(Foreground(logits), labels).Plus(nn.functional.cross_entropy(logits, batch.Labels));
        var mixed = Mix(batch.Images.narrow(0, 0, half), batch.Images.narrow(0, half, half), labelledMask.unsqueeze(1));
        var mixedLabels = Mix(labels.narrow(0, 0, half), labels.narrow(0, half, half), labelledMask);
        var synthetic = Dice(Foreground(Ask(network, mixed, Prompt.Synthetic)), mixedLabels);
        var pasted = Mix(unlabelled, batch.Images, unlabelledMask.unsqueeze(1));
        var all = Foreground(Ask(network, pasted, Prompt.Synthetic));
        var aggregate = stack([.. tasks.Select(task => Foreground(Ask(network, pasted, task)))], 1).amax([1L]);
        var cube = unlabelledMask.OneMinus();
        return supervised.Plus(synthetic).Plus(Dice(all, aggregate)).Plus(Dice(all * cube, labels * cube));
    }

    private static Tensor Ask(VerSemiNetwork network, Tensor images, Prompt prompt) => Ask(network, images, [.. Enumerable.Repeat(prompt, (int)images.shape[0])]);

    private static Tensor Ask(VerSemiNetwork network, Tensor images, IReadOnlyList<Prompt> prompts) =>
        network.Heads(network.Trunk(images), [.. Enumerable.Range(0, prompts.Count)], prompts);

    private static Tensor Foreground(Tensor logits) => logits.softmax(1).select(1, 1);

    private static Tensor Mix(Tensor ground, Tensor pasted, Tensor mask) => (ground * mask).Plus(pasted * mask.OneMinus());

    private static Tensor Dice(Tensor p, Tensor t) => ((p * t).sum().Times(2).Plus(1e-5) / p.Squared().sum().Plus(t.Squared().sum()).Plus(1e-5)).OneMinus();
}
