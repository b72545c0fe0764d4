using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>
/// Dice and cross-entropy of every annotated task of every sample, from one pass of the backbone. Where samples have
/// several tasks, heads are differentiated in groups, each no larger than the batch: memory does not grow with the number
/// of annotated tasks. A Dice over the whole batch cannot be split and is one group.
/// </summary>
internal static class SupervisedHeads
{
    /// <param name="trunk">Of the batch's images.</param>
    /// <param name="share">As of <see cref="StepLoss.Backward(double)"/>.</param>
    /// <returns>Terms dice and ce.</returns>
    public static LossPart Loss(VerSemiNetwork network, TrunkOutput trunk, LabelledBatch batch, DiceOver over, double share)
    {
        var groups = Groups(batch, over);
        if (groups.Count == 1)
            return new LossPart(Terms(network, trunk, batch, groups[0], over));
        // Leaves: a group's graph ends at them, and is forgotten before the next group's begins.
        var leaf = new TrunkOutput(Leaf(trunk.Features), Leaf(trunk.Pooled));
        var (annotations, pools) = (groups.Sum(group => group.Count), groups.Sum(group => Pools(batch, group, over)));
        var sums = new Dictionary<string, Tensor>();
        foreach (var group in groups)
        {
            using var scope = NewDisposeScope();
            var terms = new LossPart([.. Terms(network, leaf, batch, group, over).Select(term =>
                (term.Name, term.Value, term.Name == "dice" ? (double)Pools(batch, group, over) / pools : (double)group.Count / annotations))]);
            terms.Total.Times(share).backward();
            foreach (var (name, value, weight) in terms.Terms)
                sums[name] = (sums.TryGetValue(name, out var sum) ? sum.Plus(value.detach().Times(weight)) : value.detach().Times(weight)).MoveToOuterDisposeScope();
        }
        return new LossPart([.. sums.Select(sum => (sum.Key, sum.Value, 1.0))]) { Carrier = Carrier([(trunk.Features, leaf.Features), (trunk.Pooled, leaf.Pooled)]) };
    }

    private static List<(string Name, Tensor Value, double Weight)> Terms(VerSemiNetwork network, TrunkOutput trunk, LabelledBatch batch, List<int> places, DiceOver over)
    {
        var asked = places.ConvertAll(place => batch.Annotations[place]);
        var logits = network.ForegroundLogits(trunk, [.. asked.Select(annotation => annotation.Sample)], [.. asked.Select(annotation => annotation.Task)]);
        var labels = places.Count == batch.Samples && batch.Others is not { Count: > 0 } ? batch.OwnLabels() : batch.LabelsAt(places);
        return [("dice", VoxelLosses.Dice(logits.sigmoid(), labels, DicePools.Of(over, [.. asked.Select(annotation => annotation.Task)])), 1), ("ce", VoxelLosses.CrossEntropy(logits, labels), 1)];
    }

    /// <summary>Places among the batch's annotations: what one Dice sums over is in one group.</summary>
    private static List<List<int>> Groups(LabelledBatch batch, DiceOver over)
    {
        var (n, places) = (batch.Samples, Enumerable.Range(0, batch.Annotations.Count).ToList());
        if (places.Count == n || over == DiceOver.Batch)
            return [places];
        var together = over == DiceOver.Sample
            ? places.Select(place => new List<int> { place })
            : places.GroupBy(place => batch.Annotations[place].Task).OrderBy(task => task.Key.Column).Select(task => task.ToList());
        List<List<int>> groups = [[]];
        foreach (var pool in together)
        {
            if (groups[^1].Count > 0 && groups[^1].Count + pool.Count > n)
                groups.Add([]);
            groups[^1].AddRange(pool);
        }
        return groups;
    }

    private static int Pools(LabelledBatch batch, List<int> places, DiceOver over) =>
        over == DiceOver.Sample ? places.Count : places.Select(place => batch.Annotations[place].Task).Distinct().Count();

    private static Tensor Leaf(Tensor output) => output.requires_grad ? output.detach().requires_grad_() : output;

    /// <summary>A scalar whose gradients are those that arrived at the leaves; null where the backbone is frozen.</summary>
    private static Tensor? Carrier(IReadOnlyList<(Tensor Output, Tensor Leaf)> pairs)
    {
        var carried = pairs.Where(pair => pair.Output.requires_grad && pair.Leaf.grad is not null).Select(pair => (pair.Output * pair.Leaf.grad!).sum()).ToList();
        return carried.Count == 0 ? null : carried.Aggregate((a, b) => a.Plus(b));
    }
}
