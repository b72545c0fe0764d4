using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>What a step's loss came to: the weighted sum, and each term still unweighted.</summary>
public sealed record LossValues(double Total, IReadOnlyDictionary<string, double> Terms);

/// <summary>
/// A step's loss: the sum of parts, one for each batch of images that passes the trunk. Parts share weights but no graph,
/// so each is computed, differentiated and forgotten before the next one begins: a step holds the activations of one
/// batch at a time.
/// </summary>
public sealed class StepLoss
{
    private readonly IReadOnlyList<Func<double, LossPart>> _parts;

    /// <param name="parts">Each is given the share of <see cref="Backward(double)"/>.</param>
    internal StepLoss(IReadOnlyList<Func<double, LossPart>> parts) => _parts = parts;

    /// <summary>
    /// Adds the loss's gradients to the weights' own, in the order of the parts. The values are read at the end, in one
    /// go, which waits for the device.
    /// </summary>
    /// <param name="share">The gradients' factor; the values are without it.</param>
    public LossValues Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        return LossPart.Read([.. _parts.Select(part => Backward(part, share))]);
    }

    private static LossPart Backward(Func<double, LossPart> part, double share)
    {
        using var scope = NewDisposeScope(); // the graph goes before the next one comes
        var terms = part(share);
        var total = terms.Total.Times(share);
        if (terms.Carrier is { } carrier)
            total = total.Plus(carrier);
        if (total.requires_grad) // else every term was differentiated already, into weights behind a frozen backbone
            total.backward();
        return terms.WithoutGraph();
    }
}
