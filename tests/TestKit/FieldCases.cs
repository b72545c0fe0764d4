using System.ComponentModel;
using System.Diagnostics;

namespace VerSemi.TestKit;

/// <summary>Inputs from the field: a folder each, with a make.py that writes the files and an EXPECTED.md that says what is right. A folder that is added is picked up.</summary>
public static class FieldCases
{
    private static readonly Lazy<string?> Python = new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasNumpy));

    /// <summary>Those of the repository, and others that lie beside it.</summary>
    private static readonly string[] Folders = [Repository.PathOf("tests", "field"), Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "cases"))];

    private static readonly SortedDictionary<string, string> Makers = new(
        Folders.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Where(folder => File.Exists(Path.Combine(folder, "make.py")))
            .GroupBy(folder => Path.GetFileName(folder)).ToDictionary(same => same.Key, same => Path.Combine(same.Last(), "make.py")), StringComparer.Ordinal);

    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>What make.py needs and this machine lacks; null where it has all. In CI that is a failure.</summary>
    public static string? Missing => Python.Value is null ? "make.py needs python3 with numpy: install python3-numpy." : null;

    /// <summary>True where a test that needs the cases is skipped.</summary>
    public static bool CannotRun => Missing is not null && Environment.GetEnvironmentVariable("CI") is null;

    public static async Task MakeAsync(string name, string into)
    {
        var (code, errors) = await RunAsync(Python.Value ?? throw new InvalidOperationException(Missing), [Makers[name], into]);
        if (code != 0)
            throw new InvalidOperationException($"{name}/make.py ended with {code}: {errors}");
    }

    private static bool HasNumpy(string python)
    {
        try
        {
            return RunAsync(python, ["-c", "import numpy"]).GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(string python, string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }
}
