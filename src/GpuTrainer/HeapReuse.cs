using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace VerSemi.GpuTrainer;

/// <summary>
/// A step allocates and frees gigabytes of tensors. By default glibc gives each large one back to the system at once, and
/// the next one's pages come zeroed again: a sixth of a step's time and more at patch 64³. The launcher `versemi` sets
/// glibc's variables so that freed memory stays with the process (they have no effect once threads run, so the program
/// cannot do it itself); here it is given back when work has ended.
/// </summary>
internal static class HeapReuse
{
    /// <summary>After a training or an evaluation: the process may idle for long.</summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux())
            _ = Trim(0);
    }

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "A generated import needs unsafe code for the whole project.")]
    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint pad);
}
