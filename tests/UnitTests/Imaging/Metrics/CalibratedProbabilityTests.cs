using VerSemi.Domain.Models;
using VerSemi.Imaging.Metrics;

namespace VerSemi.UnitTests.Imaging.Metrics;

public class CalibratedProbabilityTests
{
    private static readonly float[] Probabilities =
        [0, 1e-30f, 1e-6f, 0.1f, 0.3f, MathF.BitDecrement(0.5f), 0.5f, MathF.BitIncrement(0.5f), 0.5001f, 0.7f, 0.999f, MathF.BitDecrement(1), 1];

    [Theory]
    [InlineData(0.25, 10)]
    [InlineData(1, 1)]
    [InlineData(1, 1.7)]
    [InlineData(10, 0.25)]
    public void No_temperature_moves_a_voxel_over_one_half_or_past_another(double inside, double outside)
    {
        var calibrated = CalibratedProbability.Of(Probabilities, new TaskTemperatures(inside, outside));

        Assert.Equal(Probabilities.Select(p => p > 0.5f), calibrated.Select(p => p > 0.5f));
        Assert.Equal(calibrated.Order(), calibrated);
        Assert.All(calibrated, p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void The_temperature_of_its_side_divides_the_logit()
    {
        Assert.Equal(0.75f, CalibratedProbability.Of(0.9f, new TaskTemperatures(2, 3)), 1e-6);
        Assert.Equal(0.1f, CalibratedProbability.Of(0.25f, new TaskTemperatures(3, 0.5)), 1e-6);
        Assert.Same(Probabilities, CalibratedProbability.Of(Probabilities, TaskTemperatures.None));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 1)]
    [InlineData(0.11, 0.5)]
    [InlineData(1, 0)]
    public void The_entropy_of_a_yes_or_no_is_in_bits(float p, float bits) => Assert.Equal(bits, CalibratedProbability.Entropy(p), 1e-3);
}
