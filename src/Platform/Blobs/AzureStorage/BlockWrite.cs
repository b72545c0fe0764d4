using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>
/// One write of one blob: blocks, several at a time, which nobody sees until the one request that commits them. The
/// names of the blocks are this write's own: with common ones two writers would commit each other's.
/// </summary>
internal sealed class BlockWrite(AzureContainer container, BlobOptions options, string path, WriteCondition condition)
{
    private const string Writer = "versemiwriter";

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly BlockBlobClient _blob = container.Blob(path);
    private readonly List<string> _blocks = [];
    private long _bytes;

    public async Task<BlobEntry> WriteAsync(Stream content, CancellationToken cancellation)
    {
        var first = await BlockAsync(content, cancellation);
        if (first.Length < options.BlockBytes)
            return await PutAsync(first, cancellation);
        await using (var transfers = new Transfers<bool>(options.ParallelTransfers, cancellation))
        {
            for (var block = first; block.Length > 0; block = await BlockAsync(content, cancellation))
            {
                var (staged, name) = (block, NextBlock(block.Length));
                transfers.Start(stop => StageAsync(name, staged, stop));
                if (transfers.IsFull)
                    await transfers.OldestAsync();
            }
            while (!transfers.IsEmpty)
                await transfers.OldestAsync();
        }
        return await CommitAsync(cancellation);
    }

    /// <summary>The service reads the other blob by itself.</summary>
    public async Task<BlobEntry> CopyAsync(BlobEntry from, CancellationToken cancellation)
    {
        var step = (long)Math.Max(options.BlockBytes, 8 << 20);
        await using (var transfers = new Transfers<bool>(options.ParallelTransfers, cancellation))
        {
            for (var offset = 0L; offset < from.Bytes; offset += step)
            {
                var range = new HttpRange(offset, Math.Min(step, from.Bytes - offset));
                var name = NextBlock(range.Length!.Value);
                transfers.Start(stop => StageAsync(name, from, range, stop));
                if (transfers.IsFull)
                    await transfers.OldestAsync();
            }
            while (!transfers.IsEmpty)
                await transfers.OldestAsync();
        }
        return await CommitAsync(cancellation);
    }

    /// <summary>As much of the content as a block holds; the rented bytes go back with <see cref="StageAsync(string, Block, CancellationToken)"/> or <see cref="PutAsync"/>.</summary>
    private async Task<Block> BlockAsync(Stream content, CancellationToken cancellation)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(options.BlockBytes);
        try
        {
            return new Block(bytes, await content.ReadAtLeastAsync(bytes.AsMemory(0, options.BlockBytes), options.BlockBytes, throwOnEndOfStream: false, cancellation));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    private string NextBlock(long bytes)
    {
        _bytes += bytes;
        _blocks.Add(Convert.ToBase64String(Encoding.ASCII.GetBytes(_id + _blocks.Count.ToString("d8", CultureInfo.InvariantCulture))));
        return _blocks[^1];
    }

    private async Task<bool> StageAsync(string name, Block block, CancellationToken cancellation)
    {
        try
        {
            return await container.CallAsync(path, AzureRight.Write, async () =>
            {
                await _blob.StageBlockAsync(name, block.Read(), cancellationToken: cancellation);
                return true;
            }, cancellation);
        }
        finally
        {
            block.Return();
        }
    }

    private Task<bool> StageAsync(string name, BlobEntry from, HttpRange range, CancellationToken cancellation) =>
        container.CallAsync(from.Path, AzureRight.Write, async () =>
        {
            var (address, token) = await container.SourceAsync(from.Path, cancellation);
            await _blob.StageBlockFromUriAsync(address, name, new StageBlockFromUriOptions
            {
                SourceRange = range,
                SourceConditions = new RequestConditions { IfMatch = AzureTags.Of(from.ETag) },
                SourceAuthentication = token is null ? null : new HttpAuthorization("Bearer", token),
            }, cancellation);
            return true;
        }, cancellation);

    private async Task<BlobEntry> PutAsync(Block block, CancellationToken cancellation)
    {
        _bytes = block.Length;
        try
        {
            return await VisibleAsync(() => _blob.UploadAsync(block.Read(), new BlobUploadOptions { Conditions = Conditions, Metadata = Metadata }, cancellation), cancellation);
        }
        finally
        {
            block.Return();
        }
    }

    private Task<BlobEntry> CommitAsync(CancellationToken cancellation) => VisibleAsync(
        () => _blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions { Conditions = Conditions, Metadata = Metadata }, cancellation), cancellation);

    private async Task<BlobEntry> VisibleAsync(Func<Task<Response<BlobContentInfo>>> request, CancellationToken cancellation)
    {
        try
        {
            var written = (await container.CallAsync(path, AzureRight.Write, request, cancellation)).Value;
            return new BlobEntry(path, _bytes, written.LastModified, AzureTags.Of(written.ETag));
        }
        catch (BlobConflictException)
        {
            // The first try may have been done and only its answer lost: the second then meets its own blob.
            if (await OwnAsync(cancellation) is { } done)
                return done;
            throw;
        }
    }

    private async Task<BlobEntry?> OwnAsync(CancellationToken cancellation)
    {
        try
        {
            var found = (await container.CallAsync(path, AzureRight.Read, () => _blob.GetPropertiesAsync(cancellationToken: cancellation), cancellation)).Value;
            return found.Metadata.TryGetValue(Writer, out var writer) && writer == _id
                ? new BlobEntry(path, found.ContentLength, found.LastModified, AzureTags.Of(found.ETag))
                : null;
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    private Dictionary<string, string> Metadata => new() { [Writer] = _id };

    private BlobRequestConditions Conditions => new()
    {
        IfMatch = condition.IfMatch is { } tag ? AzureTags.Of(tag) : null,
        IfNoneMatch = condition.IfAbsent ? ETag.All : null,
    };

    private readonly record struct Block(byte[] Bytes, int Length)
    {
        public MemoryStream Read() => new(Bytes, 0, Length, writable: false);

        public void Return() => ArrayPool<byte>.Shared.Return(Bytes);
    }
}
