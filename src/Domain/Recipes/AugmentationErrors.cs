namespace VerSemi.Domain.Recipes;

internal static class AugmentationErrors
{
    /// <param name="check">Sound, member, value, what is allowed.</param>
    public static void Validate(TrainingRecipe recipe, Action<bool, string, object?, string> check)
    {
        var (r, axes) = (recipe.AugmentationRanges, recipe.FlipAxes);
        check(axes.All(Enum.IsDefined) && axes.Distinct().Count() == axes.Count, "flipAxes", $"[{string.Join(", ", axes)}]", "leftRight, anteriorPosterior, inferiorSuperior, each at most once");
        foreach (var (member, value) in new[]
        {
            ("flipProbability", r.FlipProbability), ("rotationProbability", r.RotationProbability), ("scalingProbability", r.ScalingProbability),
            ("biasFieldProbability", r.BiasFieldProbability), ("gammaProbability", r.GammaProbability), ("noiseProbability", r.NoiseProbability),
        })
            InRange(member, value, 0, 1);
        InRange("rotationDegrees", r.RotationDegrees, 0, 180);
        InRange("scaleLow", r.ScaleLow, 0.25, 1);
        InRange("scaleHigh", r.ScaleHigh, 1, 4);
        InRange("biasFieldStrength", r.BiasFieldStrength, 0, 1);
        InRange("gammaLow", r.GammaLow, 0.2, 1);
        InRange("gammaHigh", r.GammaHigh, 1, 5);
        InRange("noiseDeviation", r.NoiseDeviation, 0, 1);

        void InRange(string member, double value, double low, double high) =>
            check(value >= low && value <= high, $"augmentationRanges.{member}", value, FormattableString.Invariant($"{low}…{high}"));
    }
}
