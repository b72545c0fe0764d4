using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>
/// Follows the heads in the blob store, which are the truth; the event that tells of a commit only makes it sooner. A
/// head is read only when its ETag changed.
/// </summary>
internal sealed class DatasetHeads(OrchestratorDb db, IBlobStore blobs, KnownHeads known, KnownDrops drops)
{
    /// <exception cref="AggregateException">Datasets that could not be read; all others were taken.</exception>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var errors = new List<Exception>();
        foreach (var name in known.Choose([.. (await blobs.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is)]))
        {
            try
            {
                await LookAtAsync(name, cancellation);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or DamagedBlobException or DomainException)
            {
                // Looked at again with the next look, hint or no hint.
                known.Hint(name);
                errors.Add(e);
            }
        }
        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    private async Task LookAtAsync(string name, CancellationToken cancellation)
    {
        var path = BlobLayout.DatasetHead(name);
        var tag = (await blobs.FindAsync(path, cancellation))?.ETag ?? KnownHeads.None;
        if (known.IsKnown(name, tag))
            return;
        if (tag != KnownHeads.None)
            await TakeIfNewerAsync(await blobs.ReadJsonAsync<DatasetHead>(path, DomainJson.Readable, cancellation), cancellation);
        known.Took(name, tag);
    }

    private async Task TakeIfNewerAsync(DatasetHead head, CancellationToken cancellation)
    {
        var row = await db.Datasets.FirstOrDefaultAsync(row => row.Name == head.Dataset, cancellation);
        if (head.Generation > (row?.Generation ?? 0) || await WasRestoredAsync(head, row!, cancellation))
            await TakeAsync(head, row, cancellation);
    }

    /// <summary>
    /// The store was restored to an earlier point: the commit that the row tells of is not there. A head that alone went back is
    /// written again from the commits.
    /// </summary>
    private async Task<bool> WasRestoredAsync(DatasetHead head, DatasetRow row, CancellationToken cancellation)
    {
        if (head.Version == row.Version)
            return false;
        var commit = await blobs.TryReadJsonAsync<DatasetCommit>(BlobLayout.DatasetCommit(row.Name, row.Generation), DomainJson.Readable, cancellation);
        return commit?.Value.Head.Version != row.Version && await blobs.FindAsync(BlobLayout.DatasetManifest(row.Name, row.Version), cancellation) is null;
    }

    private async Task TakeAsync(DatasetHead head, DatasetRow? row, CancellationToken cancellation)
    {
        var manifest = await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(head.Dataset, head.Version), DomainJson.Readable, cancellation);
        if (row is null)
            db.Datasets.Add(row = new DatasetRow { Name = head.Dataset });
        (row.Version, row.Generation, row.Drop, row.CommittedAt, row.TraceParent) = (head.Version, head.Generation, head.Drop, db.Clock.Now, head.TraceParent);
        (row.Title, row.Modality) = (manifest.Title, manifest.Modality);
        (row.Training, row.Validation, row.Test) = (manifest.In(Split.Training).Count(), manifest.In(Split.Validation).Count(), manifest.In(Split.Test).Count());
        row.Unlabelled = manifest.Unlabelled.Count();
        row.Tasks = [.. manifest.Labels.Select(label => label.TaskId).Distinct()];
        db.Note("dataset", head.Dataset, "committed", $"version {head.Version}, commit {head.Generation}, from drop '{head.Drop}'");
        await SaveAsync(head, cancellation);
        drops.Forget(head.Drop);
    }

    /// <summary>Of two replicas that see a new head one takes it; the other has nothing left to do.</summary>
    private async Task SaveAsync(DatasetHead head, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (!await db.Datasets.AnyAsync(row => row.Name == head.Dataset && row.Generation >= head.Generation, cancellation))
                throw;
        }
    }
}
