using System.Diagnostics;
using VerSemi.TestKit.Servers;

namespace VerSemi.ImageTests.Building;

/// <summary>
/// Debian's podman, as root, with an image store of the tests' own: stand-ins that bear the names of Microsoft's images
/// must not come among anybody's real ones. The store stays, so that a second run builds only what changed.
/// </summary>
internal static class Podman
{
    private const string Store = "/var/tmp/versemi-images";

    /// <summary>The command line before a podman command.</summary>
    public static IReadOnlyList<string> Command { get; } =
    [
        // crun, Debian's default, and systemd's cgroups are not everywhere where containers run.
        "podman", "--root", $"{Store}/storage", "--runroot", $"{Store}/run", "--runtime", "runc", "--cgroup-manager", "cgroupfs",
    ];

    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        foreach (var program in new[] { "podman", "runc", "debootstrap" })
            TestServers.RequireProgram(program, "/usr/bin", "/usr/sbin");
        if (!Environment.IsPrivilegedProcess)
            throw TestServers.Missing("podman", "needs root here");
        return new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. arguments]) { UseShellExecute = false };
    }

    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments) => (await TestServers.RunAsync(Start(arguments))).Trim();
}
