using System.IO.Enumeration;

namespace VerSemi.Platform.Blobs;

internal static class FolderListing
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>All files below the folder, and every link as itself: a linked folder could lead out, or round in a circle.</summary>
    public static IEnumerable<FileInfo> FilesAndLinks(string folder, string except) =>
        new FileSystemEnumerable<FileInfo>(folder, (ref FileSystemEntry entry) => new FileInfo(entry.ToFullPath()), Everything)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && entry.ToFullPath() != except,
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                IsLink(ref entry) || (!entry.IsDirectory && !entry.FileName.EndsWith(".part", StringComparison.Ordinal)),
        };

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
