using System.Buffers;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>Downloads ranges, several at a time, and appends them in order: what the file holds is always a whole begin of the blob.</summary>
internal sealed class RangedDownload(IRangedBlobs blobs, BlobOptions options)
{
    /// <summary>Goes on behind what the file holds.</summary>
    public async Task ContinueAsync(BlobEntry blob, string part, CancellationToken cancellation)
    {
        await using var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1);
        if (file.Length > blob.Bytes)
            file.SetLength(0);
        file.Seek(0, SeekOrigin.End);
        await using var transfers = new Transfers<Range>(options.ParallelTransfers, cancellation);
        for (var offset = file.Length; offset < blob.Bytes; offset += options.BlockBytes)
        {
            var (start, length) = (offset, (int)Math.Min(options.BlockBytes, blob.Bytes - offset));
            transfers.Start(stop => ReadAsync(blob, start, length, stop));
            if (transfers.IsFull)
                await AppendAsync(file, await transfers.OldestAsync(), cancellation);
        }
        while (!transfers.IsEmpty)
            await AppendAsync(file, await transfers.OldestAsync(), cancellation);
        file.Flush(flushToDisk: true);
    }

    private async Task<Range> ReadAsync(BlobEntry blob, long offset, int length, CancellationToken cancellation)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await blobs.ReadAsync(blob, offset, bytes.AsMemory(0, length), cancellation);
            return new Range(bytes, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    private static async Task AppendAsync(FileStream file, Range range, CancellationToken cancellation)
    {
        await file.WriteAsync(range.Bytes.AsMemory(0, range.Length), cancellation);
        ArrayPool<byte>.Shared.Return(range.Bytes);
    }

    private readonly record struct Range(byte[] Bytes, int Length);
}
