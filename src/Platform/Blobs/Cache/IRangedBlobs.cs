namespace VerSemi.Platform.Blobs.Cache;

/// <summary>What the local cache needs of a remote store.</summary>
internal interface IRangedBlobs
{
    /// <summary>Tells two stores apart that share a cache folder.</summary>
    string Origin { get; }

    Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation);

    /// <exception cref="BlobConflictException">The blob has another ETag by now.</exception>
    Task ReadAsync(BlobEntry blob, long offset, Memory<byte> into, CancellationToken cancellation);
}
