using System.Diagnostics;
using System.Text.Json;

namespace VerSemi.Benchmarks.Speed;

/// <summary>What a repeated piece of work took at best. Processor seconds are of all threads together.</summary>
internal sealed record Measured(double Seconds, double ProcessorSeconds, double PeakMiB)
{
    /// <summary>Once to warm up, then as often as asked for.</summary>
    public static Measured Of(int repeats, Action work)
    {
        work();
        var best = (Wall: double.MaxValue, Processor: double.MaxValue);
        for (var i = 0; i < repeats; i++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Processor());
            work();
            best = (Math.Min(best.Wall, clock.Elapsed.TotalSeconds), Math.Min(best.Processor, Processor() - before));
        }
        return new Measured(best.Wall, best.Processor, Peak());
    }

    /// <summary>The better of both, and the larger peak.</summary>
    public Measured Best(Measured other) =>
        new(Math.Min(Seconds, other.Seconds), Math.Min(ProcessorSeconds, other.ProcessorSeconds), Math.Max(PeakMiB, other.PeakMiB));

    /// <summary>In a process of its own, so that its peak of memory is its own: this program once more, with these arguments.</summary>
    public static Measured InChild(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Measured).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // As the launcher `versemi` does.
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("MALLOC_ARENA_MAX", "1"), ("MALLOC_MMAP_MAX_", "0"), ("MALLOC_TRIM_THRESHOLD_", "100000000000")])
            start.Environment.TryAdd(name, value);
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? JsonSerializer.Deserialize<Measured>(output.Trim().Split('\n')[^1])!
            : throw new InvalidOperationException($"`{string.Join(' ', arguments)}` ended with {child.ExitCode}: {output}");
    }

    private static double Processor()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    // The largest resident set so far, in KiB (proc(5)).
    private static double Peak() =>
        double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':', 'k')[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
}
