using VerSemi.Domain;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Withdrawals;

/// <summary>Label maps that models made of withdrawn images, in every run.</summary>
internal sealed class PredictionErasure(IBlobStore blobs)
{
    /// <returns>Paths of what was erased.</returns>
    public async Task<List<string>> EraseAsync(IReadOnlySet<string> images, CancellationToken cancellation)
    {
        var erased = new List<string>();
        foreach (var run in (await blobs.ListFoldersAsync(BlobLayout.AllRuns, cancellation)).Where(PathSegment.Is))
            foreach (var name in Evaluations.Names)
                await foreach (var blob in blobs.ListAsync(BlobLayout.Predictions(run, name), cancellation))
                    if (images.Contains(Path.GetFileName(blob.Path).Split('.')[0]))
                        erased.Add(blob.Path);
        foreach (var path in erased)
            await blobs.DeleteAsync(path, cancellation);
        return erased;
    }
}
