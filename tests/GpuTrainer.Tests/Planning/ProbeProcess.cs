using System.Diagnostics;
using System.Globalization;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>An explicit test that measures, in a process of its own: peaks of memory cannot be told from what other tests do beside it.</summary>
internal static class ProbeProcess
{
    public const string Shape = "VERSEMI_PROBE_SHAPE";
    public const string Answer = "VERSEMI_PROBE_ANSWER";

    /// <param name="method">Of the explicit test; it reads <see cref="Shape"/> and writes the file <see cref="Answer"/>.</param>
    /// <returns>The numbers that it wrote.</returns>
    public static async Task<IReadOnlyList<double>> RunAsync(string method, string shape, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo("dotnet", [typeof(ProbeProcess).Assembly.Location, "-noLogo", "-explicit", "only", "-method", method])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment[Shape], start.Environment[Answer]) = (shape, folder["answer"]);
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(File.Exists(folder["answer"]), string.Join('\n', await output));
        return [.. (await File.ReadAllTextAsync(folder["answer"], cancellation)).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
