using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VerSemi.GpuTrainer;

/// <summary>
/// libtorch's threads spin while they wait for each other. Where cores are shared (another process, the preparation of
/// batches) the spinning takes the time that the awaited thread needs: on two busy cores ten steps took 242 s of wall
/// and 80 s of processor time spinning, 41 s and 15 s asleep. libgomp reads its policy when it is loaded, and .NET's own
/// environment is not the C library's, hence setenv before any tensor.
/// </summary>
internal static class OpenMpWaiting
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Has to run before whatever loads libtorch first.")]
    internal static void PreferSleep()
    {
        // Zero: what the user has set stays.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
    }

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "A generated import needs unsafe code for the whole project.")]
    [DllImport("libc.so.6", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
