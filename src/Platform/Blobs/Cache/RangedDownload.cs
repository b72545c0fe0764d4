using System.Buffers;
using System.Security.Cryptography;
using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs.Cache;

/// <summary>Downloads ranges, several at a time, and appends them in order: what the file holds is always a whole begin of the blob.</summary>
internal sealed class RangedDownload(IRangedBlobs blobs, BlobOptions options)
{
    /// <summary>Goes on behind what the file holds.</summary>
    /// <param name="hash">Takes in all of the file, in order; null: no hash is wanted.</param>
    public async Task ContinueAsync(BlobEntry blob, string part, IncrementalHash? hash, CancellationToken cancellation)
    {
        await using var file = PrivateFiles.Open(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        if (file.Length > blob.Bytes)
            file.SetLength(0);
        if (hash is not null)
            await HashAsync(file, hash, cancellation);
        file.Seek(0, SeekOrigin.End);
        await using var transfers = new Transfers<Range>(options.ParallelTransfers, cancellation);
        for (var offset = file.Length; offset < blob.Bytes; offset += options.BlockBytes)
        {
            var (start, length) = (offset, (int)Math.Min(options.BlockBytes, blob.Bytes - offset));
            transfers.Start(stop => ReadAsync(blob, start, length, stop));
            if (transfers.IsFull)
                await AppendAsync(file, await transfers.OldestAsync(), hash, cancellation);
        }
        while (!transfers.IsEmpty)
            await AppendAsync(file, await transfers.OldestAsync(), hash, cancellation);
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

    /// <summary>What an earlier process downloaded.</summary>
    private static async Task HashAsync(FileStream file, IncrementalHash hash, CancellationToken cancellation)
    {
        var bytes = new byte[1 << 16];
        for (int read; (read = await file.ReadAsync(bytes, cancellation)) > 0;)
            hash.AppendData(bytes, 0, read);
    }

    private static async Task AppendAsync(FileStream file, Range range, IncrementalHash? hash, CancellationToken cancellation)
    {
        hash?.AppendData(range.Bytes, 0, range.Length);
        await file.WriteAsync(range.Bytes.AsMemory(0, range.Length), cancellation);
        ArrayPool<byte>.Shared.Return(range.Bytes);
    }

    private readonly record struct Range(byte[] Bytes, int Length);
}
