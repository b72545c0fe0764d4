using VerSemi.Domain.Models;

namespace VerSemi.Imaging.Metrics;

/// <summary>Probabilities whose logits are divided by temperatures. What lies above one half stays there, so that no mask changes.</summary>
public static class CalibratedProbability
{
    /// <summary>Of probabilities that a float32 cannot tell from 0 or 1.</summary>
    public const int LeastLogit = -40, MostLogit = 17;

    private const int Slice = 1 << 16;
    private static readonly float AboveHalf = MathF.BitIncrement(0.5f);

    /// <param name="p">0…1.</param>
    public static double Logit(float p) => p <= 0 ? LeastLogit : p >= 1 ? MostLogit : Math.Clamp(Math.Log(p) - Math.Log(1.0 - p), LeastLogit, MostLogit);

    /// <param name="p">0…1.</param>
    public static float Of(float p, TaskTemperatures temperatures)
    {
        var temperature = p > 0.5f ? temperatures.Inside : temperatures.Outside;
        if (temperature == 1 || p <= 0)
            return p;
        var calibrated = (float)(1 / (1 + Math.Exp(-Logit(p) / temperature)));
        // A voxel a rounding above one half would come to lie on it.
        return p > 0.5f ? Math.Max(calibrated, AboveHalf) : Math.Min(calibrated, 0.5f);
    }

    /// <returns>A new array, or the same where nothing is calibrated.</returns>
    public static float[] Of(float[] probabilities, TaskTemperatures temperatures)
    {
        if (temperatures == TaskTemperatures.None)
            return probabilities;
        var calibrated = new float[probabilities.Length];
        Parallel.For(0, (probabilities.Length + Slice - 1) / Slice, slice =>
        {
            for (var i = slice * Slice; i < Math.Min(probabilities.Length, (slice + 1) * Slice); i++)
                calibrated[i] = Of(probabilities[i], temperatures);
        });
        return calibrated;
    }

    /// <summary>Entropy of a yes or no in bits: 0 where it is certain, 1 at one half.</summary>
    public static float Entropy(float p) => p is > 0 and < 1 ? (float)(-p * Math.Log2(p) - (1.0 - p) * Math.Log2(1.0 - p)) : 0;
}
