using System.Diagnostics;
using System.Globalization;
using VerSemi.Domain.Recipes;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>A few real training steps in a process of their own: what they add to its peak memory.</summary>
internal static class MeasuredStep
{
    public const string Shape = "VERSEMI_PROBE_SHAPE";
    public const string Answer = "VERSEMI_PROBE_ANSWER";

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
            least = Math.Min(least, await PeakAsync(width, patch, batch, tasks, network, cancellation));
        return least;
    }

    private static async Task<long> PeakAsync(int width, IReadOnlyList<int> patch, int batch, int tasks, NetworkDesign network, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo("dotnet", [typeof(MeasuredStep).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"{typeof(StepMemoryProbe).FullName}.{nameof(StepMemoryProbe.Measure)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Shape] = string.Join(',', [width, .. patch, batch, tasks, (int)network]);
        start.Environment[Answer] = folder["answer"];
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(File.Exists(folder["answer"]), string.Join('\n', await output));
        return long.Parse((await File.ReadAllTextAsync(folder["answer"], cancellation)).Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
