using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>
/// The cache on the disk. Of each copy: data/⟨key⟩.ext, or parts/⟨key⟩ while it is downloaded, and before both
/// entries/⟨key⟩-⟨bytes⟩ with the blob's path in it, whose time is that of the last use. locks/ keeps processes apart,
/// and its files stay: by key, cut so short that there are at most 4096.
/// </summary>
internal sealed class CacheFolder
{
    private const int LongestExtension = 100;
    public const int KeyLetters = 40;

    private readonly string _root;

    public CacheFolder(string root)
    {
        _root = Path.GetFullPath(root);
        foreach (var name in new[] { "", "data", "parts", "entries", "locks" })
            Make(Path.Combine(_root, name));
    }

    private void Make(string folder)
    {
        PrivateFiles.CreateFolder(folder);
        // What is deleted in there would lie elsewhere; the root itself may be where its owner put it.
        if (folder != _root && new DirectoryInfo(folder).LinkTarget is { } target)
            throw new IOException($"'{folder}' is a link to '{target}'. The blob cache follows no links in its folder: put a folder in its place, or set Blobs:CacheFolder.");
    }

    /// <param name="version">The blob's ETag, or nothing where its name says what it holds.</param>
    public static string Key(string origin, string path, string version) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{origin}\n{path}\n{version}")))[..KeyLetters];

    public string Data(string key, string path) => Path.Combine(_root, "data", key + ExtensionOf(path));
    public string Part(string key) => Path.Combine(_root, "parts", key);
    public string Entry(string key, long bytes) => Path.Combine(_root, "entries", string.Create(CultureInfo.InvariantCulture, $"{key}-{bytes}"));

    public Task<FileStream> LockAsync(string key, CancellationToken cancellation) => FileLock.TakeAsync(LockOf(key), cancellation);
    public FileStream? TryLock(string key) => FileLock.TryTake(LockOf(key));
    public Task<FileStream> LockSpaceAsync(CancellationToken cancellation) => FileLock.TakeAsync(Path.Combine(_root, "locks", "space"), cancellation);

    public List<CacheEntry> Entries() =>
        [.. new DirectoryInfo(Path.Combine(_root, "entries")).EnumerateFiles().Select(CacheEntry.TryRead).OfType<CacheEntry>()];

    /// <summary>Keys of downloads in which nothing moved since then.</summary>
    public HashSet<string> PartsBefore(DateTime time) =>
        [.. new DirectoryInfo(Path.Combine(_root, "parts")).EnumerateFiles().Where(part => part.LastWriteTimeUtc < time).Select(part => part.Name)];

    /// <summary>The entry last: what is without one would be found by nobody.</summary>
    public void Remove(CacheEntry entry)
    {
        File.Delete(Data(entry.Key, entry.Path));
        File.Delete(Part(entry.Key));
        File.Delete(entry.File.FullName);
    }

    private string LockOf(string key) => Path.Combine(_root, "locks", key[..3]);

    private static string ExtensionOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var extension = name.Contains('.') ? name[name.IndexOf('.')..] : "";
        return extension.Length <= LongestExtension ? extension : extension[^LongestExtension..];
    }
}

/// <summary>What the name and the time of an entry say; its text is read only when asked for.</summary>
internal sealed record CacheEntry(FileInfo File, string Key, long Bytes, DateTime LastUse)
{
    public string Path => System.IO.File.ReadAllText(File.FullName);

    /// <summary>Null for a file that is none of the cache's: what is deleted is named by an entry.</summary>
    public static CacheEntry? TryRead(FileInfo file) =>
        file.Name.Split('-') is [{ Length: CacheFolder.KeyLetters } key, var size] && key.All(char.IsAsciiHexDigitLower)
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && file.LinkTarget is null
            ? new CacheEntry(file, key, bytes, file.LastWriteTimeUtc)
            : null;
}
