using System.Runtime.CompilerServices;
using System.Text;
using VerSemi.Platform.Blobs;

namespace VerSemi.Platform.Doctor;

/// <summary>What a service needs of the blob store, below a prefix.</summary>
public sealed record BlobNeed(string Prefix, bool Writes);

/// <summary>The blob store: listing, and below each prefix that this service needs, reading, writing, writing on a condition, deleting; and its clock.</summary>
internal sealed class BlobCheck(IBlobStore store, IEnumerable<BlobNeed> needs, TimeProvider time) : ICheck
{
    public string Name => "blob store";

    public string Mend => "Is the store up, and reached from here (network rules, private endpoint)? Are the settings Blobs:… right?";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await store.ListFoldersAsync("", cancellation);
        yield return new Finding(Name, "answers");
        DateTimeOffset? there = null;
        foreach (var need in needs.Distinct())
        {
            var (finding, modified) = await LookAtAsync(need, cancellation);
            there ??= modified;
            yield return finding;
        }
        if (there is { } now)
            yield return Clocks.Compare("blob store's clock", now - time.GetUtcNow());
    }

    private async Task<(Finding, DateTimeOffset?)> LookAtAsync(BlobNeed need, CancellationToken cancellation)
    {
        var name = $"{(need.Writes ? "writing" : "reading")} {need.Prefix}";
        try
        {
            var modified = need.Writes ? await WriteAsync(need.Prefix, cancellation) : await ReadAsync(need.Prefix, cancellation);
            return (new Finding(name, "allowed"), modified);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            var right = need.Writes ? "read, write and delete" : "read";
            return (new Finding(name, e.Message, $"Grant this service's identity to {right} blobs below '{need.Prefix}' (docs/howto/distributed.md, \"Blobs\"); on a file system, let its user do so."), null);
        }
    }

    private async Task<DateTimeOffset?> ReadAsync(string prefix, CancellationToken cancellation)
    {
        await foreach (var blob in store.ListAsync(prefix, cancellation))
        {
            await using var content = await store.OpenReadAsync(blob.Path, cancellation);
            _ = await content.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellation);
            break;
        }
        return null;
    }

    /// <returns>The store's time.</returns>
    private async Task<DateTimeOffset?> WriteAsync(string prefix, CancellationToken cancellation)
    {
        // Directly below the prefix, where nobody looks for files.
        var path = $"{prefix}_doctor-{Guid.NewGuid():N}";
        var written = await PutAsync(path, "1", new WriteCondition(IfAbsent: true), cancellation);
        try
        {
            if (await TryAsync(path, new WriteCondition(IfAbsent: true), cancellation))
                throw new InvalidOperationException("The store overwrote a blob that was to be written only where there is none: it does not keep conditions.");
            var again = await PutAsync(path, "2", new WriteCondition(IfMatch: written.ETag), cancellation);
            using var content = new StreamReader(await store.OpenReadAsync(path, cancellation));
            if (await content.ReadToEndAsync(cancellation) != "2")
                throw new InvalidOperationException("The store did not give back what was just written.");
            return again.Modified;
        }
        finally
        {
            await store.DeleteAsync(path, CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(string path, WriteCondition condition, CancellationToken cancellation)
    {
        try
        {
            await PutAsync(path, "3", condition, cancellation);
            return true;
        }
        catch (BlobConflictException)
        {
            return false;
        }
    }

    private async Task<BlobEntry> PutAsync(string path, string text, WriteCondition condition, CancellationToken cancellation)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await store.WriteAsync(path, content, condition, cancellation);
    }
}
