using System.Numerics;
using VerSemi.Domain.Recipes;

namespace VerSemi.GpuTrainer.Data;

/// <summary>
/// Which task a labelled sample asks: rounds in random order, in each of which every task has its number of visits. So the
/// frequencies hold exactly over a round, and a sample's task is a pure function of its number.
/// </summary>
internal sealed class TaskRounds
{
    // The square roots' ratios within 1/16 of the rarest task's visits.
    private const int Fineness = 8;
    private readonly int[] _visits;
    private readonly int _length;

    /// <param name="cases">Annotated training cases of each task, at least 1.</param>
    public TaskRounds(TaskSampling sampling, IReadOnlyList<int> cases)
    {
        int[] visits = [.. cases.Select(count => sampling switch
        {
            TaskSampling.Proportional => count,
            TaskSampling.SquareRoot => (int)Math.Round(Fineness * Math.Sqrt((double)count / cases.Min())),
            _ => 1,
        })];
        var divisor = visits.Aggregate((a, b) => (int)BigInteger.GreatestCommonDivisor(a, b));
        _visits = [.. visits.Select(v => v / divisor)];
        _length = _visits.Sum();
    }

    /// <param name="randomOf">The random numbers of a round.</param>
    /// <returns>The task, and how often it was asked before.</returns>
    public (int Task, long Turn) At(long sample, Func<long, CounterRandom> randomOf)
    {
        var (round, place) = Math.DivRem(sample, _length);
        var slot = randomOf(round).Permutation(_length)[place];
        var task = 0;
        while (slot >= _visits[task])
            slot -= _visits[task++];
        return (task, round * _visits[task] + slot);
    }
}
