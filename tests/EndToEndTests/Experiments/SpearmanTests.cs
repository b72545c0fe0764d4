using VerSemi.Benchmarks.Experiments;

namespace VerSemi.EndToEndTests.Experiments;

public class SpearmanTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new[] { 0.1, 0.2, 30, 400 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 86, 97, 99, 100, 101, 103, 106, 110, 112, 113 }, new double[] { 2, 20, 28, 27, 50, 29, 7, 17, 6, 12 }, -0.1758)]
    [InlineData(new double[] { 1, 2, 2, 3 }, new double[] { 1, 2, 3, 4 }, 0.9487)]
    public void The_correlation_of_ranks_is_that_of_textbooks_with_ties_sharing_their_rank(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, Spearman.Of(x, y), 1e-4);
}
