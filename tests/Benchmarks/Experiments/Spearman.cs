namespace VerSemi.Benchmarks.Experiments;

/// <summary>Rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.</summary>
internal static class Spearman
{
    /// <returns>−1…1; NaN where one of the two does not vary.</returns>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (a, b) = (Ranks(x), Ranks(y));
        var mean = (a.Count - 1) / 2.0;
        var both = a.Zip(b, (one, other) => (one - mean) * (other - mean)).Sum();
        return both / Math.Sqrt(a.Sum(rank => (rank - mean) * (rank - mean)) * b.Sum(rank => (rank - mean) * (rank - mean)));
    }

    private static List<double> Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + (values.Count(other => other == value) - 1) / 2.0)];
}
