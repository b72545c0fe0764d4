using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>Where a prediction is sure enough to teach.</summary>
internal static class Confidence
{
    /// <summary>The least that a probability of foreground or of background can be: every voxel counts.</summary>
    private const double Any = 0.5;

    /// <param name="foreground">Probabilities, any shape.</param>
    /// <param name="least">Of the more probable class.</param>
    /// <returns>1 where it holds, else 0, float, without graph; null: everywhere.</returns>
    public static Tensor? Of(Tensor foreground, double least)
    {
        if (least <= Any)
            return null;
        using var scope = NewDisposeScope();
        var fixedForeground = foreground.detach();
        return fixedForeground.maximum(fixedForeground.OneMinus()).Above(least).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
