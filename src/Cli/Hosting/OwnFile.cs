using VerSemi.Domain;
using VerSemi.Platform.Files;

namespace VerSemi.Cli.Hosting;

/// <summary>A file that only its owner can read, and that is not believed where others can.</summary>
internal static class OwnFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        var fresh = $"{path}.{Environment.ProcessId}.part";
        File.Delete(fresh);
        using (var stream = PrivateFiles.Open(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        using (var writer = new StreamWriter(stream))
            writer.Write(text);
        File.Move(fresh, path, overwrite: true);
    }

    /// <exception cref="DomainException">Others can read or write it.</exception>
    public static string Read(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~(Own | UnixFileMode.UserExecute)) == 0
        ? File.ReadAllText(path)
        : throw new DomainException($"{path} holds secrets, and others can read it. If they did not: chmod 600 {path}. If they may have: remove it, revoke its tokens, and sign in again.");
}
