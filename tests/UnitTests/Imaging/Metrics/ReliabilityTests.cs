using VerSemi.Domain.Models;
using VerSemi.Imaging.Metrics;

namespace VerSemi.UnitTests.Imaging.Metrics;

public class ReliabilityTests
{
    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(1, 1)]
    [InlineData(3, 0.7)]
    public void The_temperatures_that_made_probabilities_too_sure_or_too_modest_are_found_and_bring_them_to_the_observed_frequencies(double inside, double outside)
    {
        var reliability = new Reliability();
        var (claimed, truth) = Drawn(new TaskTemperatures(inside, outside), 1);
        reliability.Add(claimed, truth);

        var fitted = reliability.Fit()!;

        Assert.InRange(fitted.Inside, 0.95 * inside, 1.05 * inside);
        Assert.InRange(fitted.Outside, 0.95 * outside, 1.05 * outside);
        Assert.True(reliability.ExpectedCalibrationError(fitted) < 0.01);
        if (inside != 1)
            Assert.True(reliability.ExpectedCalibrationError(TaskTemperatures.None) > 5 * reliability.ExpectedCalibrationError(fitted));
    }

    [Fact]
    public void The_error_is_the_mean_distance_of_claimed_and_observed_over_the_voxels_of_each_bin()
    {
        // Of 8 voxels at 0.75 six would be inside, four are; of 8 at 0.25 two would be, four are.
        var reliability = new Reliability();
        reliability.Add([.. Enumerable.Repeat(0.75f, 8), .. Enumerable.Repeat(0.25f, 8)], [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);

        Assert.Equal(16, reliability.Voxels);
        Assert.Equal(0.25, reliability.ExpectedCalibrationError(TaskTemperatures.None), 0.002);
    }

    [Fact]
    public void Images_that_mark_nothing_say_nothing_of_a_task()
    {
        var nothing = new Reliability();
        Assert.Null(nothing.Fit());
        Assert.Equal(0, nothing.ExpectedCalibrationError(TaskTemperatures.None));
        nothing.Add([0.1f, 0.9f], [0, 0]);
        Assert.Null(nothing.Fit());
    }

    [Fact]
    public void A_side_without_voxels_is_not_calibrated_and_certain_ones_count_as_the_surest_that_a_float_holds()
    {
        var reliability = new Reliability();
        reliability.Add([1, 1], [0, 1]);

        Assert.Equal(0.5, reliability.ExpectedCalibrationError(TaskTemperatures.None), 1e-4);
        Assert.Equal(10, reliability.Fit()!.Inside, 1e-3);
        Assert.Equal(1, reliability.Fit()!.Outside);
    }

    /// <summary>Truth drawn by probabilities, which are then claimed with their logits times the temperatures.</summary>
    private static (float[] Claimed, byte[] Truth) Drawn(TaskTemperatures temperatures, int seed)
    {
        var random = new Random(seed);
        var (claimed, truth) = (new float[64_000], new byte[64_000]);
        for (var i = 0; i < claimed.Length; i++)
        {
            var logit = 6 * random.NextDouble() - 3;
            truth[i] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? (byte)1 : (byte)0;
            claimed[i] = (float)(1 / (1 + Math.Exp(-logit * (logit > 0 ? temperatures.Inside : temperatures.Outside))));
        }
        return (claimed, truth);
    }
}
