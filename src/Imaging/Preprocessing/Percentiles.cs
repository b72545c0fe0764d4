namespace VerSemi.Imaging.Preprocessing;

/// <summary>
/// Exact percentiles in two passes without a sorted copy: floats are ordered as integers, a histogram of their upper 16
/// bits finds the bin of each rank, a histogram of the lower 16 bits inside these bins finds the value.
/// </summary>
internal static class Percentiles
{
    private const int Bins = 1 << 16;

    /// <summary>With linear interpolation between ranks, as numpy's default. The values must be finite, and at least one.</summary>
    public static (double Low, double High) Of(ReadOnlySpan<float> values, double low, double high)
    {
        var (lowRank, highRank) = (low / 100 * (values.Length - 1), high / 100 * (values.Length - 1));
        int[] ranks = [(int)Math.Floor(lowRank), (int)Math.Ceiling(lowRank), (int)Math.Floor(highRank), (int)Math.Ceiling(highRank)];
        var at = AtRanks(values, ranks);
        return (Between(at[0], at[1], lowRank - ranks[0]), Between(at[2], at[3], highRank - ranks[2]));
    }

    private static double Between(double a, double b, double share) => a + (b - a) * share;

    private static float[] AtRanks(ReadOnlySpan<float> values, int[] ranks)
    {
        var upper = new int[Bins];
        foreach (var value in values)
            upper[Ordered(value) >> 16]++;
        var found = ranks.Select(rank => Find(upper, rank)).ToArray();
        var lower = LowerHistograms(values, found.Select(f => f.Bin));
        return [.. found.Select(f => FromOrdered((uint)f.Bin << 16 | (uint)Find(lower[f.Bin]!, f.Within).Bin))];
    }

    private static int[]?[] LowerHistograms(ReadOnlySpan<float> values, IEnumerable<int> bins)
    {
        var lower = new int[]?[Bins];
        foreach (var bin in bins)
            lower[bin] ??= new int[Bins];
        foreach (var value in values)
        {
            var ordered = Ordered(value);
            if (lower[ordered >> 16] is { } histogram)
                histogram[ordered & (Bins - 1)]++;
        }
        return lower;
    }

    /// <summary>The bin that holds this rank, and the rank inside it.</summary>
    private static (int Bin, int Within) Find(int[] histogram, int rank)
    {
        var bin = 0;
        while (rank >= histogram[bin])
            rank -= histogram[bin++];
        return (bin, rank);
    }

    /// <summary>IEEE 754: after this the order of the bits is the order of the numbers.</summary>
    private static uint Ordered(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    private static float FromOrdered(uint ordered) =>
        BitConverter.UInt32BitsToSingle((ordered & 0x8000_0000) != 0 ? ordered & 0x7fff_ffff : ~ordered);
}
