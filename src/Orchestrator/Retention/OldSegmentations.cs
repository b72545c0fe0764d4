using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Retention;

/// <summary>Images that no row knows: their request was cut off before its row was written. Rows delete their own files.</summary>
internal sealed class OldSegmentations(IBlobStore blobs, OrchestratorDb db)
{
    /// <summary>An upload that is under way has no row yet, but no file either: a blob appears whole, and its row a moment later.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public async IAsyncEnumerable<Garbage> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = (await db.Segmentations.Select(row => row.Id).ToListAsync(cancellation)).ToHashSet();
        foreach (var id in (await blobs.ListFoldersAsync(BlobLayout.Segmentations, cancellation)).Where(PathSegment.Is))
            if (!known.Contains(id) && await IsOldAsync(id, cancellation))
                yield return new Garbage(BlobLayout.Segmentation(id), "an image whose request was cut off");
    }

    private async Task<bool> IsOldAsync(string id, CancellationToken cancellation)
    {
        await foreach (var blob in blobs.ListAsync(BlobLayout.Segmentation(id), cancellation))
            if (db.Clock.Now - blob.Modified < Fresh)
                return false;
        return true;
    }
}
