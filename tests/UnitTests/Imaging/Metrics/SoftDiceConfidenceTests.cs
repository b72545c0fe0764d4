using VerSemi.Imaging.Metrics;

namespace VerSemi.UnitTests.Imaging.Metrics;

public class SoftDiceConfidenceTests
{
    [Fact]
    public void It_is_the_dice_of_the_mask_with_its_own_probabilities() => Assert.Equal(2 * 1.5 / (2 + 1.9), SoftDiceConfidence.Of([0.9f, 0.6f, 0.4f, 0]), 1e-6);

    [Fact]
    public void A_certain_mask_has_1_and_an_empty_one_0()
    {
        Assert.Equal(1, SoftDiceConfidence.Of([1, 0, 1, 0]));
        Assert.Equal(0, SoftDiceConfidence.Of([0.5f, 0.1f, 0]));
    }

    /// <summary>Borges et al.: the same in expectation, where voxels are independent.</summary>
    [Fact]
    public void It_is_close_to_the_mean_dice_of_truths_that_are_drawn_by_the_probabilities()
    {
        var random = new Random(1);
        var probabilities = Enumerable.Range(0, 2000).Select(_ => (float)Math.Pow(random.NextDouble(), 3)).ToArray();
        var dice = Enumerable.Range(0, 200).Average(_ =>
        {
            var (inside, truth, both) = (0, 0, 0);
            foreach (var p in probabilities)
            {
                var (mask, drawn) = (p > 0.5f, random.NextDouble() < p);
                (inside, truth, both) = (inside + (mask ? 1 : 0), truth + (drawn ? 1 : 0), both + (mask && drawn ? 1 : 0));
            }
            return 2.0 * both / (inside + truth);
        });

        Assert.Equal(dice, SoftDiceConfidence.Of(probabilities), 0.005);
    }
}
