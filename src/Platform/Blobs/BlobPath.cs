namespace VerSemi.Platform.Blobs;

/// <summary>What every store takes for a path: one that a folder and a container understand alike, and that leads nowhere else.</summary>
internal static class BlobPath
{
    /// <summary>The first part of a store's own names (locks, leases, unfinished writes): refused, and never listed.</summary>
    public const string Hidden = ".store";

    public static string Checked(string path) => path.Length > 0 && IsInside(path) ? path : throw Refused(path);

    /// <returns>Empty, or with '/' at its end.</returns>
    public static string CheckedPrefix(string prefix)
    {
        if (prefix.Length == 0)
            return "";
        var folder = prefix.EndsWith('/') ? prefix[..^1] : prefix;
        return IsInside(folder) ? folder + "/" : throw Refused(prefix);
    }

    public static bool IsHidden(string path) => path == Hidden || path.StartsWith(Hidden + "/", StringComparison.Ordinal);

    private static bool IsInside(string path) =>
        !path.Contains('\\') && !path.Contains('\0') && !IsHidden(path) && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static ArgumentException Refused(string path) => new($"'{path}' is not a path inside the blob store.", nameof(path));
}
