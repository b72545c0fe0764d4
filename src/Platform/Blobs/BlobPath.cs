using System.Security.Cryptography;
using System.Text;

namespace VerSemi.Platform.Blobs;

/// <summary>What every store takes for a path: one that a folder and a container understand alike, and that leads nowhere else.</summary>
internal static class BlobPath
{
    /// <summary>The first part of a store's own names (locks, leases, unfinished writes): refused, and never listed.</summary>
    public const string Hidden = ".store";

    /// <summary>With an extension it still is the name of a file.</summary>
    private const int LongestLease = 200;

    public static string Checked(string path) => path.Length > 0 && IsInside(path) ? path : throw Refused(path);

    /// <returns>Empty, or with '/' at its end.</returns>
    public static string CheckedPrefix(string prefix)
    {
        if (prefix.Length == 0)
            return "";
        var folder = prefix.EndsWith('/') ? prefix[..^1] : prefix;
        return IsInside(folder) ? folder + "/" : throw Refused(prefix);
    }

    /// <summary>A prefix that names one thing inside an area of the store ("incoming/drop/"): never an area, never the whole store.</summary>
    public static string CheckedFolder(string prefix) => CheckedPrefix(prefix) is var folder && folder.Count(c => c == '/') >= 2
        ? folder
        : throw new ArgumentException($"'{prefix}' is a whole area of the blob store, or all of it: nothing deletes that at once.", nameof(prefix));

    /// <summary>A lease's name as the name of a file: escaped, a long one by its hash.</summary>
    public static string LeaseName(string name) =>
        Uri.EscapeDataString(name) is { Length: <= LongestLease } escaped ? escaped : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static bool IsHidden(string path) => path == Hidden || path.StartsWith(Hidden + "/", StringComparison.Ordinal);

    private static bool IsInside(string path) =>
        !path.Contains('\\') && !path.Contains('\0') && !IsHidden(path) && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static ArgumentException Refused(string path) => new($"'{path}' is not a path inside the blob store.", nameof(path));
}
