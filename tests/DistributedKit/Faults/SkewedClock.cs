using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit.Faults;

/// <summary>A wrong wall clock for one process, by libfaketime (Debian: faketime). The monotonic clock and the times of files stay right.</summary>
public static class SkewedClock
{
    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1"];

    public static bool IsInstalled => Libraries.Any(File.Exists);

    /// <param name="ahead">By how much the clock is ahead; behind where it is negative.</param>
    public static IReadOnlyDictionary<string, string> Environment(TimeSpan ahead) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Libraries.FirstOrDefault(File.Exists) ?? throw TestServers.Missing("faketime"),
        ["FAKETIME"] = FormattableString.Invariant($"{ahead.TotalSeconds:+0.0;-0.0}"),
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["NO_FAKE_STAT"] = "1",
    };
}
