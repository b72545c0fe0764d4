using VerSemi.Platform.Files;

namespace VerSemi.EndToEndTests.CommandLine;

internal static class FolderCopy
{
    public static void Make(string from, string to)
    {
        PrivateFiles.CreateFolder(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            PrivateFiles.CreateFolder(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
