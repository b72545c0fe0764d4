using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>The terms of a loss that one batch of images gives.</summary>
/// <param name="Terms">Scalars with the weight that each has in the total.</param>
internal sealed record LossPart(IReadOnlyList<(string Name, Tensor Value, double Weight)> Terms)
{
    /// <summary>
    /// A scalar whose gradients are those of terms that were differentiated already, scaled by the step's share; its value
    /// means nothing. Null: no such terms.
    /// </summary>
    public Tensor? Carrier { get; init; }

    /// <summary>The weighted sum, with its graph.</summary>
    public Tensor Total
    {
        get
        {
            using var scope = NewDisposeScope();
            var values = stack([.. Terms.Select(term => term.Value)]);
            var weights = tensor([.. Terms.Select(term => (float)term.Weight)], ScalarType.Float32, values.device);
            // Not a dot product: BLAS's last bit depends on where an array lies in memory, and a small array's place is chance.
            return (values * weights).sum().MoveToOuterDisposeScope();
        }
    }

    /// <summary>The same values for the scope outside.</summary>
    public LossPart WithoutGraph() => new([.. Terms.Select(term => (term.Name, term.Value.detach().MoveToOuterDisposeScope(), term.Weight))]);

    /// <summary>All parts' values in one transfer.</summary>
    public static LossValues Read(IReadOnlyList<LossPart> parts)
    {
        using var scope = NewDisposeScope();
        var terms = parts.SelectMany(part => part.Terms).ToList();
        var values = stack([.. terms.Select(term => term.Value)]).cpu().data<float>().ToArray();
        var read = terms.Zip(values, (term, value) => (term.Name, Value: (double)value, term.Weight)).ToList();
        return new LossValues(read.Sum(term => term.Value * term.Weight), read.ToDictionary(term => term.Name, term => term.Value));
    }
}
