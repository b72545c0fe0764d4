using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VerSemi.TestKit.Dicom;

/// <summary>Programs and sample files of Debian packages that judge what is read and written here; ./test installs them.</summary>
public static class DicomTools
{
    public const string PydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files", NibabelFiles = "/usr/lib/python3/dist-packages/nibabel/nicom/tests/data";

    /// <summary>Why tests that need these programs, folders or libraries (lib….so.N) cannot run; null where they can. With CI set they run, and fail.</summary>
    public static string? Missing(params string[] needed) =>
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 } || needed.All(IsThere) ? null : $"Not installed: {string.Join(", ", needed.Where(one => !IsThere(one)))}; ./test installs them.";

    /// <returns>Exit code, and both outputs.</returns>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private static bool IsThere(string needed) => needed.StartsWith('/') ? Directory.Exists(needed)
        : needed.Contains(".so.", StringComparison.Ordinal) ? NativeLibrary.TryLoad(needed, out _)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, needed)));
}
