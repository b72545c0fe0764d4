using VerSemi.Domain.Recipes;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>What mix(a, b) = a·m + b·(1 − m) is annotated with, a and b the batch's halves.</summary>
/// <param name="mask">(N/2, D, H, W): 1 is a, 0 the pasted cube of b.</param>
internal sealed class MixedTargets(LabelledBatch batch, Tensor mask, Unannotated unannotated)
{
    private readonly int _half = batch.Samples / 2;

    /// <summary>Foreground of any task that each half is annotated for: (N/2, D, H, W).</summary>
    public Tensor Union()
    {
        using var scope = NewDisposeScope();
        var union = batch.UnionLabels();
        return Mix(union.narrow(0, 0, _half), union.narrow(0, _half, _half), mask).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The own tasks of one half, asked of the mixed images: y_a·m + y_b·(1 − m) where both halves are annotated for the
    /// task. The other half is background or says nothing where it is not annotated.
    /// </summary>
    /// <param name="ofPasted">True: the tasks of b; false: those of a.</param>
    /// <returns>Target, and 1 where it holds: each (N/2, D, H, W). Null: it holds everywhere.</returns>
    public (Tensor Target, Tensor? Holds) Of(bool ofPasted)
    {
        using var scope = NewDisposeScope();
        var visible = ofPasted ? mask.OneMinus() : mask;
        var own = batch.Labels.narrow(0, ofPasted ? _half : 0, _half).to(ScalarType.Float32);
        var partner = Enumerable.Range(0, _half).Select(i => ofPasted ? batch.Find(i, batch.Tasks[_half + i]) : batch.Find(_half + i, batch.Tasks[i])).ToList();
        var target = own * visible;
        if (partner.All(place => place is null))
            return (target.MoveToOuterDisposeScope(), Holds(visible, partner));
        var known = Known(partner);
        var theirs = batch.LabelsAt([.. partner.Select(place => place ?? 0)]); // any label where there is none: not taken
        var both = where(visible.to(ScalarType.Bool), own, theirs);
        return (where(known, both, target).MoveToOuterDisposeScope(), Holds(visible, partner));
    }

    private Tensor? Holds(Tensor visible, List<int?> partner) => unannotated == Unannotated.Background || partner.All(place => place is not null)
        ? null
        : visible.maximum(Known(partner).to(ScalarType.Float32)).MoveToOuterDisposeScope();

    private Tensor Known(List<int?> partner) => tensor([.. partner.Select(place => place is not null)], ScalarType.Bool, mask.device).view(_half, 1, 1, 1);

    /// <summary>A·m + B·(1−m) for masks of 0 and 1.</summary>
    public static Tensor Mix(Tensor ground, Tensor pasted, Tensor mask) => where(mask.to(ScalarType.Bool), ground, pasted);
}
