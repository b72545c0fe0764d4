using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>The EMA teacher (docs/method.md, "Losses"): buffers are averaged like weights; counters are copied.</summary>
public static class WeightAverage
{
    /// <summary>α = min(1 − 1/(step+1), decay), over the global step.</summary>
    public static double Alpha(int step, double decay) => Math.Min(1 - 1.0 / (step + 1), decay);

    /// <summary>average ← α·average + (1−α)·network, as an interpolation: where both are equal they stay equal to the bit, so that what is frozen does not drift.</summary>
    /// <param name="step">Global steps done before this one.</param>
    public static void Update(nn.Module average, nn.Module network, int step, double decay)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var alpha = Alpha(step, decay);
        var values = network.state_dict();
        foreach (var (name, mean) in average.state_dict())
            if (mean.is_floating_point())
                mean.lerp_(values[name], 1 - alpha);
            else
                mean.copy_(values[name]);
    }
}
