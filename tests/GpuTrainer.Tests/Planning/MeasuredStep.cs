using System.Diagnostics;
using System.Globalization;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>A few real training steps in a process of their own: what they add to its peak memory.</summary>
internal static class MeasuredStep
{
    public const string Shape = "VERSEMI_PROBE_SHAPE";
    public const string Answer = "VERSEMI_PROBE_ANSWER";

    /// <returns>Bytes above what the process had before its first step.</returns>
    public static async Task<long> MemoryAsync(int width, IReadOnlyList<int> patch, int batch, int tasks, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo("dotnet", [typeof(MeasuredStep).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"{typeof(StepMemoryProbe).FullName}.{nameof(StepMemoryProbe.Measure)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Shape] = string.Join(',', [width, .. patch, batch, tasks]);
        start.Environment[Answer] = folder["answer"];
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(File.Exists(folder["answer"]), string.Join('\n', await output));
        return long.Parse((await File.ReadAllTextAsync(folder["answer"], cancellation)).Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
