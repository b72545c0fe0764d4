namespace VerSemi.Platform.Blobs;

/// <summary>
/// The blob's content is not what was written: it differs from the hash that names it or that is recorded for it. A retry helps only where
/// another copy is whole.
/// </summary>
public sealed class DamagedBlobException : Exception
{
    public DamagedBlobException(string path, string reason, Exception? cause = null)
        : base($"Blob '{path}' is damaged: {reason}. Restore it from a backup or the store's soft delete; `versemi scrub` lists everything that is damaged.", cause) => Path = path;

    public DamagedBlobException(string path, string expected, string actual, Exception? cause = null)
        : this(path, $"the SHA-256 of its content is {actual}, the recorded one is {expected}", cause) => (Expected, Actual) = (expected, actual);

    public string Path { get; }

    /// <summary>The recorded SHA-256; null where there is none to compare with.</summary>
    public string? Expected { get; }

    /// <summary>The SHA-256 of what the blob holds; null where it was not computed.</summary>
    public string? Actual { get; }
}
