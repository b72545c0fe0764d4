using System.Runtime.CompilerServices;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Retention;

/// <summary>Deletes what <see cref="RetentionOptions"/> no longer keeps. Cut off anywhere, the next one goes on.</summary>
internal sealed class GarbageCollection(IBlobStore blobs, OldDrops drops, OldRuns runs, OldImports imports, OldSegmentations segmentations)
{
    public async Task<IReadOnlyList<CollectedView>> CollectAsync(bool dryRun, CancellationToken cancellation)
    {
        var collected = new List<CollectedView>();
        await foreach (var garbage in AllAsync(cancellation))
        {
            var (bytes, paths) = (0L, new List<string>());
            await foreach (var blob in blobs.ListAsync(garbage.Prefix, cancellation))
                if (blob is { LinkTarget: null, IsUnreachable: false } && !garbage.Keeps(blob.Path))
                {
                    bytes += blob.Bytes;
                    paths.Add(blob.Path);
                }
            if (paths.Count == 0)
                continue;
            if (!dryRun)
                await DeleteAsync(garbage, paths, cancellation);
            collected.Add(new CollectedView(garbage.Prefix, paths.Count, bytes, garbage.Why));
        }
        return collected;
    }

    private async IAsyncEnumerable<Garbage> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var garbage in drops.FindAsync(cancellation))
            yield return garbage;
        foreach (var garbage in await runs.FindAsync(cancellation))
            yield return garbage;
        await foreach (var garbage in imports.FindAsync(cancellation))
            yield return garbage;
        await foreach (var garbage in segmentations.FindAsync(cancellation))
            yield return garbage;
    }

    private async Task DeleteAsync(Garbage garbage, List<string> paths, CancellationToken cancellation)
    {
        if (garbage.Marker is { } marker)
            await blobs.WriteTextAsync(marker, garbage.Why, cancellation: cancellation);
        await blobs.DeleteBelowAsync(garbage.Prefix, paths, cancellation);
        if (garbage.Marker is { } done)
            await blobs.DeleteAsync(done, cancellation);
    }
}

/// <param name="Marker">A blob that is there while it is deleted, for those who must not take what is left for the whole.</param>
/// <param name="Keep">What below the prefix stays.</param>
internal sealed record Garbage(string Prefix, string Why, string? Marker = null, string? Keep = null)
{
    public bool Keeps(string path) => path == Marker || (Keep is not null && path.StartsWith(Keep, StringComparison.Ordinal));
}
