using System.IO.Enumeration;

namespace VerSemi.Platform.Blobs;

internal static class FolderListing
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>What .NET puts in the place of bytes that are not UTF-8.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// All files below the folder, and every link as itself: a linked folder could lead out, or round in a circle. A
    /// folder whose name is not UTF-8 stands for what is in it: it cannot be opened.
    /// </summary>
    public static IEnumerable<FileInfo> FilesAndLinks(string folder, string except) =>
        new FileSystemEnumerable<FileInfo>(folder, (ref FileSystemEntry entry) => new FileInfo(entry.ToFullPath()), Everything)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && !IsUnreachable(entry.FileName) && entry.ToFullPath() != except,
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                IsLink(ref entry) || IsUnreachable(entry.FileName) || (!entry.IsDirectory && !entry.FileName.EndsWith(".part", StringComparison.Ordinal)),
        };

    public static bool IsUnreachable(ReadOnlySpan<char> name) => name.Contains(Replacement);

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
