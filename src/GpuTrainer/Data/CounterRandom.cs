namespace VerSemi.GpuTrainer.Data;

/// <summary>
/// Random numbers as a pure function of coordinates (seed, stage, step, sample, …) and a counter: SplitMix64 (Steele,
/// Lea, Flood 2014) over a key that is mixed from the coordinates. No state is shared, so nothing depends on the order
/// in which threads ask.
/// </summary>
public struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _counter;

    private CounterRandom(ulong key) => _key = key;

    public static CounterRandom At(params ReadOnlySpan<long> coordinates)
    {
        var key = 0x2545F4914F6CDD1DUL;
        foreach (var coordinate in coordinates)
            key = Mix(key + Golden + Mix(unchecked((ulong)coordinate)));
        return new CounterRandom(key);
    }

    public ulong Next() => Mix(_key + ++_counter * Golden);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + NextDouble() * (high - low);

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A factor: below and above 1 equally often, uniform in [low, 1) or in [1, high).</summary>
    public double AroundOne(double low, double high) => Chance(0.5) ? Between(low, 1) : Between(1, high);

    /// <summary>Uniform in 0…count−1.</summary>
    public long Below(long count) => (long)Math.BigMul(Next(), (ulong)count, out _);

    public int Below(int count) => (int)Below((long)count);

    /// <summary>0…count−1 in a random order (Fisher–Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
