using System.Globalization;
using VerSemi.DistributedKit;

namespace VerSemi.Benchmarks.Soak;

/// <param name="Resident">MiB of the process in memory (VmRSS).</param>
/// <param name="Managed">MiB that the garbage collector held after its last collection; the rest is libtorch, malloc and code.</param>
internal sealed record MemorySample(double Resident, double Managed)
{
    private const string Committed = "dotnet_gc_last_collection_memory_committed_size";
    private const double MiB = 1 << 20;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Resident:0} ({Managed:0})");

    public static async Task<MemorySample> OfAsync(ServiceProcess process, HttpClient http, CancellationToken cancellation)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{process.Pid}/status", cancellation);
        var kilobytes = status.Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var metrics = await http.GetStringAsync(new Uri(process.Management, "/metrics"), cancellation);
        var committed = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Committed, StringComparison.Ordinal));
        return new MemorySample(
            double.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 / MiB,
            committed is null ? 0 : double.Parse(committed.Split(' ')[1], CultureInfo.InvariantCulture) / MiB);
    }
}
