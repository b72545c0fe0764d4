using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>Follows the heads in the blob store, which are the truth; the event that tells of a commit only makes it sooner.</summary>
internal sealed class DatasetHeads(OrchestratorDb db, IBlobStore blobs)
{
    /// <exception cref="AggregateException">Datasets that could not be read; all others were taken.</exception>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var known = await db.Datasets.ToDictionaryAsync(row => row.Name, cancellation);
        var errors = new List<Exception>();
        foreach (var name in await blobs.ListFoldersAsync(BlobLayout.Datasets, cancellation))
        {
            try
            {
                await TakeIfNewerAsync(name, known.GetValueOrDefault(name), cancellation);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                errors.Add(e);
            }
        }
        await db.SaveChangesAsync(cancellation);
        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    private async Task TakeIfNewerAsync(string name, DatasetRow? row, CancellationToken cancellation)
    {
        if (await blobs.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(name), DomainJson.Readable, cancellation) is { Value: var head }
            && head.Generation > (row?.Generation ?? 0))
            await TakeAsync(head, row, cancellation);
    }

    private async Task TakeAsync(DatasetHead head, DatasetRow? row, CancellationToken cancellation)
    {
        var manifest = await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(head.Dataset, head.Version), DomainJson.Readable, cancellation);
        if (row is null)
            db.Datasets.Add(row = new DatasetRow { Name = head.Dataset });
        (row.Version, row.Generation, row.Drop, row.CommittedAt) = (head.Version, head.Generation, head.Drop, db.Clock.Now);
        (row.Title, row.Modality) = (manifest.Title, manifest.Modality);
        (row.Training, row.Validation, row.Test) = (manifest.In(Split.Training).Count(), manifest.In(Split.Validation).Count(), manifest.In(Split.Test).Count());
        row.Unlabelled = manifest.Unlabelled.Count();
        row.Tasks = [.. manifest.Labels.Select(label => label.TaskId).Distinct()];
        db.Note("dataset", head.Dataset, "committed", $"version {head.Version}, commit {head.Generation}, from drop '{head.Drop}'");
    }
}
