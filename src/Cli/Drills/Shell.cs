using System.Diagnostics;
using VerSemi.Domain;

namespace VerSemi.Cli.Drills;

/// <summary>The operator's commands, by /bin/sh. What they print goes to standard error: standard output is the drill's report.</summary>
internal static class Shell
{
    public static async Task RunAsync(string command, CancellationToken cancellation)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 1>&2\n{command}"]) { UseShellExecute = false })!;
        await shell.WaitForExitAsync(cancellation);
        if (shell.ExitCode != 0)
            throw new DomainException($"The command '{command}' ended with exit code {shell.ExitCode}; what it printed stands above.");
    }
}
