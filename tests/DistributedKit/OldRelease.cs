using System.Diagnostics;
using VerSemi.TestKit;

namespace VerSemi.DistributedKit;

/// <summary>
/// The programs that a platform is upgraded from: those of the checkout that VERSEMI_OLD_BIN names, in which they were built
/// (src/PROJECT/bin/Release/net10.0). Without it, today's: then the drill is about replacing processes, not about their differences.
/// </summary>
public static class OldRelease
{
    private static readonly string? _root = Environment.GetEnvironmentVariable("VERSEMI_OLD_BIN");

    public static IProgram Start(string project, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        if (_root is null)
            return VersemiProcess.Start(arguments, environment, project);
        var program = Path.Combine(_root, "src", project, "bin", "Release", "net10.0", $"VerSemi.{project}.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"VERSEMI_OLD_BIN is '{_root}', but there is no '{program}'. Build that checkout: dotnet build VerSemi.sln -c Release.");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return VersemiProcess.Start(start);
    }
}
