using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Telemetry;

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
                    new DatasetHead(plan.Dataset, version, (head?.Generation ?? 0) + 1, files.Drop, files.Fingerprint, Telemetry.TraceParent), DomainJson.Readable,
                    new WriteCondition(IfMatch: tag, IfAbsent: tag is null), cancellation);
                return new CommitResult(IngestOutcome.Committed, union);
            }
            catch (BlobConflictException)
            {
                // Another drop of this dataset came first: unite with what it made.
            }
        }
    }

    /// <summary>Commits the dataset without these cases, where it has any of them; a dataset may be left without cases.</summary>
    /// <returns>The newest version; null where the dataset has none.</returns>
    public async Task<string?> WithoutAsync(string dataset, Func<CaseEntry, bool> isWithdrawn, WithdrawCases request, CancellationToken cancellation)
    {
        while (true)
        {
            var (head, tag, previous) = await ReadAsync(dataset, cancellation);
            if (head is null || previous is null || !previous.Cases.Any(isWithdrawn))
                return head?.Version;
            var next = Without(previous, isWithdrawn, request.Patient);
            try
            {
                await store.WriteJsonAsync(BlobLayout.DatasetManifest(dataset, next.Version), next, DomainJson.Readable, cancellation: cancellation);
                await store.WriteJsonAsync(BlobLayout.DatasetHead(dataset),
                    new DatasetHead(dataset, next.Version, head.Generation + 1, $"withdrawal {request.Withdrawal}"), DomainJson.Readable, new WriteCondition(IfMatch: tag), cancellation);
                return next.Version;
            }
            catch (BlobConflictException)
            {
                // A drop was committed first: take the cases out of what it made.
            }
        }
    }

    /// <summary>A patient who may not come back needs no split; all others keep theirs.</summary>
    private static DatasetManifest Without(DatasetManifest previous, Func<CaseEntry, bool> isWithdrawn, string? patient)
    {
        var cases = previous.Cases.Where(entry => !isWithdrawn(entry)).ToList();
        return previous with
        {
            Cases = cases,
            Labels = cases.Any(entry => entry.Label is not null) ? previous.Labels : [],
            Splits = previous.Splits with
            {
                Patients = new SortedDictionary<string, Split>(previous.Splits.Patients.Where(known => known.Key != patient).ToDictionary(), StringComparer.Ordinal),
            },
        };
    }

    private async Task<(DatasetHead? Head, string? ETag, DatasetManifest? Manifest)> ReadAsync(string dataset, CancellationToken cancellation)
    {
        if (await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation) is not { } found)
            return (null, null, null);
        return (found.Value, found.ETag, await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, found.Value.Version), DomainJson.Readable, cancellation));
    }
}
