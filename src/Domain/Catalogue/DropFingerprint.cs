using System.Text;

namespace VerSemi.Domain.Catalogue;

/// <summary>A drop's state: changes whenever a file of it comes, goes or is written again.</summary>
public static class DropFingerprint
{
    /// <param name="path">Relative to the drop. Names that begin with '_' (reports, markers) or '.' (what desktops leave behind) are not part of it.</param>
    public static bool IsPart(string path) => !path.Split('/').Any(part => part.StartsWith('_') || part.StartsWith('.'));

    /// <param name="files">Parts of the drop, in ordinal order of their paths.</param>
    public static string Of(IEnumerable<(string Path, long Bytes, string ETag)> files)
    {
        var text = new StringBuilder();
        foreach (var (path, bytes, tag) in files)
            text.Append(path).Append('\t').Append(bytes).Append('\t').Append(tag).Append('\n');
        return ContentHash.OfText(text.ToString());
    }
}
