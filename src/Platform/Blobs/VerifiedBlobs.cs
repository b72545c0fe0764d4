using System.Security.Cryptography;

namespace VerSemi.Platform.Blobs;

/// <summary>Blobs whose hash is known. They are hashed while they are read, and a difference is a <see cref="DamagedBlobException"/>.</summary>
public static class VerifiedBlobs
{
    /// <summary>
    /// What <paramref name="read"/> makes of the blob, by this machine's copy where the store keeps copies. It is returned only where the
    /// whole content has the hash; a damaged copy is fetched again once.
    /// </summary>
    public static async Task<T> ReadVerifiedAsync<T>(this IBlobStore store, string path, string sha256, Func<Stream, T> read, CancellationToken cancellation = default)
    {
        try
        {
            return Read(await store.LocalCopyAsync(path, cancellation), path, sha256, read);
        }
        catch (DamagedBlobException)
        {
            // It stays in no cache, whichever of the two is damaged.
            if (await store.PurgeLocalCopiesAsync(copy => copy == path, cancellation) == 0)
                throw;
        }
        try
        {
            return Read(await store.LocalCopyAsync(path, cancellation), path, sha256, read);
        }
        catch (DamagedBlobException)
        {
            await store.PurgeLocalCopiesAsync(copy => copy == path, cancellation);
            throw;
        }
    }

    /// <summary>A file on this machine whose content has just been compared with the hash. See <see cref="IBlobStore.LocalCopyAsync"/>.</summary>
    public static async Task<string> VerifiedCopyAsync(this IBlobStore store, string path, string sha256, CancellationToken cancellation = default)
    {
        await store.ReadVerifiedAsync(path, sha256, _ => true, cancellation);
        return await store.LocalCopyAsync(path, cancellation);
    }

    /// <summary>For readers that stream: the last block is given out only where all of the content has the hash.</summary>
    public static async Task<Stream> OpenVerifiedAsync(this IBlobStore store, string path, string sha256, CancellationToken cancellation = default) =>
        new VerifiedStream(await store.OpenReadAsync(path, cancellation), path, sha256);

    /// <summary>A copy that becomes visible only where its content has the hash.</summary>
    public static async Task<BlobEntry> CopyVerifiedAsync(this IBlobStore store, string from, string to, string sha256, CancellationToken cancellation = default)
    {
        await using var content = await store.OpenVerifiedAsync(from, sha256, cancellation);
        return await store.WriteAsync(to, content, cancellation: cancellation);
    }

    /// <exception cref="DamagedBlobException">The blob has another hash.</exception>
    public static async Task RequireWholeAsync(this IBlobStore store, string path, string sha256, CancellationToken cancellation = default)
    {
        await using var content = await store.OpenVerifiedAsync(path, sha256, cancellation);
        await content.CopyToAsync(Stream.Null, cancellation);
    }

    /// <summary>Whether the blob is there and has the hash.</summary>
    public static async Task<bool> IsWholeAsync(this IBlobStore store, string path, string sha256, CancellationToken cancellation = default)
    {
        try
        {
            await using var content = await store.OpenReadAsync(path, cancellation);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;
        }
        catch (BlobNotFoundException)
        {
            return false;
        }
    }

    private static T Read<T>(string file, string path, string sha256, Func<Stream, T> read)
    {
        using var content = new VerifiedStream(Open(file, path), path, sha256);
        try
        {
            var result = read(content);
            content.ReadToEnd();
            return result;
        }
        catch (Exception e) when (e is not (DamagedBlobException or OperationCanceledException))
        {
            // A decoder that stumbles over damaged content names its own symptom: the cause is said instead.
            content.ReadToEnd();
            throw;
        }
    }

    /// <summary>A copy may be evicted between its being handed out and its being opened.</summary>
    private static FileStream Open(string file, string path)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"The local copy of blob '{path}' was removed before it was opened. Try again.", e);
        }
    }
}
