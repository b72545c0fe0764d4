namespace VerSemi.GpuTrainer.Planning;

/// <summary>The processor as its kernel describes it.</summary>
public static class Processor
{
    private const string File = "/proc/cpuinfo";
    private static readonly string[] Told = ["sse4_1", "avx", "avx2", "fma", "avx_vnni", "amx_tile", "amx_bf16"];

    /// <summary>Model and the instruction sets that decide which kernels run, with the limit that the environment sets.</summary>
    public static string Description { get; } = Describe(System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : []);

    internal static string Describe(IReadOnlyList<string> lines)
    {
        var flags = Value(lines, "flags").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var limit = Environment.GetEnvironmentVariable("DNNL_MAX_CPU_ISA") ?? Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA");
        var model = Value(lines, "model name") is { Length: > 0 } name ? name : $"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}";
        return $"{model} ({string.Join(' ', flags.Where(flag => Told.Contains(flag) || flag.StartsWith("avx512", StringComparison.Ordinal)))}; DNNL_MAX_CPU_ISA {limit ?? "not set"})";
    }

    private static string Value(IEnumerable<string> lines, string key) =>
        lines.Select(line => line.Split(':', 2)).FirstOrDefault(parts => parts.Length == 2 && parts[0].Trim() == key)?[1].Trim() ?? "";
}
