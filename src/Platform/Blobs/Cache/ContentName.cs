using System.Text.RegularExpressions;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>Names that say what the blob holds: a SHA-256 in lower-case hexadecimal, then perhaps an extension.</summary>
internal static partial class ContentName
{
    public static string? Of(string path) => Name().Match(path) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"(?:^|/)([0-9a-f]{64})(?:\.[^/]*)?\z")]
    private static partial Regex Name();
}
