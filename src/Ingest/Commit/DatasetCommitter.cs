using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Commit;

/// <param name="Outcome">Committed also where this drop's own commit was found, left by an attempt that was cut off after it.</param>
internal sealed record CommitResult(IngestOutcome Outcome, DatasetUnion Union);

/// <summary>Voxels lie there already; the manifest goes under its own hash, then the head is moved by compare-and-swap.</summary>
internal sealed class DatasetCommitter(IBlobStore store)
{
    public async Task<DatasetManifest?> NewestAsync(string dataset, CancellationToken cancellation) =>
        (await ReadAsync(dataset, cancellation)).Manifest;

    public async Task<CommitResult> CommitAsync(DropFiles files, DropPlan plan, IReadOnlyCollection<CanonicalCase> accepted, CancellationToken cancellation)
    {
        while (true)
        {
            var (head, tag, previous) = await ReadAsync(plan.Dataset, cancellation);
            DatasetUnion.Check(previous, plan);
            var union = new DatasetUnion(previous, plan, accepted);
            var version = union.Manifest.Version;
            if (head?.Version == version)
                return new CommitResult(head.Drop == files.Drop && head.Fingerprint == files.Fingerprint ? IngestOutcome.Committed : IngestOutcome.Unchanged, union);
            try
            {
                await store.WriteJsonAsync(BlobLayout.DatasetManifest(plan.Dataset, version), union.Manifest, DomainJson.Readable, cancellation: cancellation);
                await store.WriteJsonAsync(BlobLayout.DatasetHead(plan.Dataset),
                    new DatasetHead(plan.Dataset, version, (head?.Generation ?? 0) + 1, files.Drop, files.Fingerprint), DomainJson.Readable,
                    new WriteCondition(IfMatch: tag, IfAbsent: tag is null), cancellation);
                return new CommitResult(IngestOutcome.Committed, union);
            }
            catch (BlobConflictException)
            {
                // Another drop of this dataset came first: unite with what it made.
            }
        }
    }

    private async Task<(DatasetHead? Head, string? ETag, DatasetManifest? Manifest)> ReadAsync(string dataset, CancellationToken cancellation)
    {
        if (await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation) is not { } found)
            return (null, null, null);
        return (found.Value, found.ETag, await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, found.Value.Version), DomainJson.Readable, cancellation));
    }
}
