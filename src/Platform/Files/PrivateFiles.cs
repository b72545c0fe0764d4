using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VerSemi.Platform.Files;

/// <summary>Files and folders that only their owner may open, since they hold patients' images, and the keys that protect sessions.</summary>
/// <remarks>
/// Group permissions are accepted only in a folder with the setgid bit: it says that the folder is shared with its group on
/// purpose, and Kubernetes sets it, together with the group permissions, on a volume with an fsGroup.
/// </remarks>
public static class PrivateFiles
{
    private const UnixFileMode FolderPermissions = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FilePermissions = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    [UnsupportedOSPlatformGuard("windows")]
    private static bool HasModes => !OperatingSystem.IsWindows();

    /// <summary>From now on, every file and folder that this process creates is private, including those of libraries (journals, temporary files).</summary>
    public static void ByDefault()
    {
        if (OperatingSystem.IsLinux())
            _ = SetMask(0b000_111_111);
    }

    /// <summary>Creates the folder, and its missing parents, if it does not exist.</summary>
    public static void CreateFolder(string path)
    {
        if (!HasModes)
        {
            Directory.CreateDirectory(path);
            return;
        }
        // The framework would give its default mode to the parents.
        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { } parent && !Directory.Exists(parent))
            CreateFolder(parent);
        Directory.CreateDirectory(path, FolderPermissions);
    }

    /// <summary>Creates an empty file if it does not exist.</summary>
    public static void CreateFile(string path)
    {
        if (!File.Exists(path))
            Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
    }

    /// <summary>Opens a file that is private if this call creates it. For modes that can create a file.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 1 << 16)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (HasModes)
            options.UnixCreateMode = FilePermissions;
        return new FileStream(path, options);
    }

    /// <summary>Files and folders that other users could read or change, each with the command that fixes it. What does not exist is skipped.</summary>
    public static IEnumerable<string> Faults(params string[] paths) => HasModes ? paths.Select(Target).OfType<FileSystemInfo>().Select(Fault).OfType<string>() : [];

    /// <summary>A folder for temporary files in which other users could replace a file. A sticky folder, as /tmp, is safe.</summary>
    public static IEnumerable<string> ScratchFaults(string folder) => HasModes && Target(folder) is { } target && ScratchFault(target) is { } fault ? [fault] : [];

    private static string? Fault(FileSystemInfo target)
    {
        var mode = target.UnixFileMode;
        var shared = IsShared(target);
        var loose = mode & (shared ? Others : Others | Group);
        if (loose != 0)
            return $"{target.FullName} has mode {Octal(mode)}: other users of this machine could read it or sign in by its keys. Restrict it: chmod {Octal(mode & ~loose | Least(target))} {Quoted(target.FullName)}";
        return shared || IsOwn(target, mode) ? null : Foreign(target);
    }

    private static string? ScratchFault(FileSystemInfo target)
    {
        var mode = target.UnixFileMode;
        if ((mode & UnixFileMode.StickyBit) != 0)
            return null;
        var loose = mode & (IsShared(target) ? UnixFileMode.OtherWrite : OthersWrite);
        if (loose != 0)
            return $"{target.FullName} has mode {Octal(mode)}: other users of this machine could replace the files in it. Restrict it: chmod {Octal(mode & ~loose)} {Quoted(target.FullName)}";
        return IsShared(target) || IsOwn(target, mode) ? null : Foreign(target);
    }

    private static string Foreign(FileSystemInfo target) =>
        $"{target.FullName} belongs to another user, who could change what is in it. Choose another path, or take it over: sudo chown {Environment.UserName} {Quoted(target.FullName)}";

    private static UnixFileMode Least(FileSystemInfo target) => target is DirectoryInfo ? FolderPermissions : FilePermissions;

    private static bool IsShared(FileSystemInfo target) =>
        ((target as DirectoryInfo ?? ((FileInfo)target).Directory!).UnixFileMode & UnixFileMode.SetGroup) != 0;

    /// <summary>Only its owner, or root, may set a file's mode, even to what it is.</summary>
    private static bool IsOwn(FileSystemInfo target, UnixFileMode mode)
    {
        try
        {
            if (HasModes)
                target.UnixFileMode = mode;
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            // A file system that is mounted read-only.
            return true;
        }
    }

    /// <summary>The file or folder itself, where the path is a link: a link's own mode means nothing.</summary>
    private static FileSystemInfo? Target(string path)
    {
        FileSystemInfo found = Directory.Exists(path) ? new DirectoryInfo(Path.GetFullPath(path)) : new FileInfo(Path.GetFullPath(path));
        return !found.Exists ? null : found.ResolveLinkTarget(returnFinalTarget: true) ?? found;
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(3, '0');

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "A generated import needs unsafe code for the whole project.")]
    [DllImport("libc.so.6", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
