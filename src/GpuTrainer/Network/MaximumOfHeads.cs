using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// The voxel-wise maximum over many heads of one image. Only the head that wins a voxel has a gradient there, so the
/// winners are found without a graph, one head at a time, and then each head is run with a graph on its own voxels
/// alone: one head's work and memory in all, however many there are.
/// </summary>
internal static class MaximumOfHeads
{
    /// <param name="features">(N, 8, V)</param>
    /// <param name="parameters">(N, K, <see cref="DynamicHead.Parameters"/>)</param>
    /// <param name="each">Sees each head's logits (N, V), without graph, while they are there.</param>
    /// <returns>Foreground − background logits (N, V).</returns>
    public static Tensor Run(Tensor features, Tensor parameters, Action<int, Tensor>? each = null)
    {
        var (best, winners) = Winners(features.detach(), parameters.detach(), each);
        if (!is_grad_enabled())
            return best;
        best.Dispose();
        return stack([.. Enumerable.Range(0, (int)features.shape[0]).Select(n => OfWinners(features[n], parameters[n], winners[n]))]);
    }

    private static (Tensor Best, Tensor Winners) Winners(Tensor features, Tensor parameters, Action<int, Tensor>? each)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var best = Head(features, parameters, 0);
        each?.Invoke(0, best);
        var winners = zeros_like(best, ScalarType.Int16);
        for (var k = 1; k < parameters.shape[1]; k++)
        {
            using var step = NewDisposeScope();
            var logits = Head(features, parameters, k);
            each?.Invoke(k, logits);
            winners.FillInPlace(logits > best, k);
            best.copy_(best.maximum(logits));
        }
        return (best.MoveToOuterDisposeScope(), winners.MoveToOuterDisposeScope());
    }

    private static Tensor Head(Tensor features, Tensor parameters, long k) => DynamicHead.Run(features, parameters.select(1, k), difference: true).squeeze(1);

    /// <summary>One image: its voxels sorted by winner, each head on its run of them, and back in place.</summary>
    /// <param name="features">(8, V)</param>
    /// <param name="parameters">(K, <see cref="DynamicHead.Parameters"/>)</param>
    /// <param name="winners">(V)</param>
    private static Tensor OfWinners(Tensor features, Tensor parameters, Tensor winners)
    {
        using var scope = NewDisposeScope();
        var order = winners.argsort();
        var counts = winners.to(ScalarType.Int64).bincount(null, parameters.shape[0]).cpu().data<long>().ToArray();
        var sorted = Reordered(features, order).split(counts, 1);
        var logits = sorted.Select((own, k) => (Own: own, Head: k)).Where(run => counts[run.Head] > 0)
            .Select(run => DynamicHead.Run(run.Own.unsqueeze(0), parameters.narrow(0, run.Head, 1), difference: true).view(1, -1));
        return Reordered(cat([.. logits], 1), order.argsort()).view(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Columns in another order, by the same bits each time.</summary>
    /// <remarks>
    /// A GPU's backward pass runs on a thread of libtorch's own, where no scope holds what an autograd function makes. There
    /// index_select's own gradient is as good: under a permutation it adds one number to each zero.
    /// </remarks>
    private static Tensor Reordered(Tensor columns, Tensor order) =>
        columns.device.type == TorchSharp.DeviceType.CPU ? Permutation.apply(columns, order) : columns.index_select(1, order);

    /// <summary>Columns in another order. As a permutation its gradient is the inverse permutation: no additions, same bits each time.</summary>
    private sealed class Permutation : autograd.SingleTensorFunction<Permutation>
    {
        public override string Name => nameof(Permutation);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (columns, order) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([order]);
            return columns.index_select(1, order);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
        {
            var order = ctx.get_saved_variables()[0];
            return [gradient.index_select(1, order.argsort()), null!];
        }
    }
}
