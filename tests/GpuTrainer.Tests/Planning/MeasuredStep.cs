using VerSemi.Domain.Recipes;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>A few real training steps in a process of their own: what they add to its peak memory.</summary>
internal static class MeasuredStep
{
    private const int Runs = 2;

    /// <summary>
    /// The least of a few runs: when memory that nobody needs any more goes back is the collector's and the allocator's choice,
    /// which moves a peak by a fifth between runs of the same step, upwards only.
    /// </summary>
    /// <returns>Bytes above what the process had before its first step.</returns>
    public static async Task<long> MemoryAsync(int width, IReadOnlyList<int> patch, int batch, int tasks, NetworkDesign network, CancellationToken cancellation)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Runs; i++)
            least = Math.Min(least, (long)(await ProbeProcess.RunAsync($"{typeof(StepMemoryProbe).FullName}.{nameof(StepMemoryProbe.Measure)}", string.Join(',', [width, .. patch, batch, tasks, (int)network]), cancellation))[0]);
        return least;
    }
}
