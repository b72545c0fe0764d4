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

/// <summary>Voxels lie there already; the manifest goes under its own hash, then the next commit is written where there is none, then the head points to it.</summary>
internal sealed class DatasetCommitter(IBlobStore store, DatasetFiles files)
{
    public async Task<DatasetManifest?> NewestAsync(string dataset, CancellationToken cancellation) =>
        (await files.NewestAsync(dataset, cancellation))?.Manifest;

    /// <param name="reported">Cases that an earlier report of the drop names as taken.</param>
    public async Task<Replacements> ReplacementsAsync(DropFiles drop, DropPlan plan, IReadOnlySet<string> reported, CancellationToken cancellation) =>
        Of(await files.NewestAsync(plan.Dataset, cancellation), drop, plan, reported);

    public async Task<CommitResult> CommitAsync(DropFiles drop, DropPlan plan, IReadOnlyCollection<CanonicalCase> accepted, IReadOnlySet<string> reported, CancellationToken cancellation)
    {
        while (true)
        {
            var newest = await files.NewestAsync(plan.Dataset, cancellation);
            DatasetUnion.Check(newest?.Manifest, plan);
            var union = new DatasetUnion(newest?.Manifest, plan, accepted, Of(newest, drop, plan, reported));
            var version = union.Manifest.Version;
            if (newest?.Head is { } head && head.Version == version)
                return new CommitResult(head.Drop == drop.Drop && head.Fingerprint == drop.Fingerprint ? IngestOutcome.Committed : IngestOutcome.Unchanged, union);
            try
            {
                await WriteAsync(new DatasetHead(plan.Dataset, version, (newest?.Head.Generation ?? 0) + 1, drop.Drop, drop.Fingerprint, Telemetry.TraceParent), union.Manifest, cancellation);
                return new CommitResult(IngestOutcome.Committed, union);
            }
            catch (BlobConflictException)
            {
                // Another drop of this dataset came first: unite with what it made.
            }
        }
    }

    private static Replacements Of(DatasetCommit? newest, DropFiles drop, DropPlan plan, IReadOnlySet<string> reported) =>
        new(newest?.Manifest, plan, id => newest?.Head.Drop == drop.Drop || reported.Contains(id));

    /// <summary>Commits the dataset without these cases, where it has any of them; a dataset may be left without cases.</summary>
    /// <returns>The newest version; null where the dataset has none.</returns>
    public async Task<string?> WithoutAsync(string dataset, Func<CaseEntry, bool> isWithdrawn, WithdrawCases request, CancellationToken cancellation)
    {
        while (true)
        {
            if (await files.NewestAsync(dataset, cancellation) is not { } newest)
                return null;
            if (!newest.Manifest.Cases.Any(isWithdrawn))
                return newest.Head.Version;
            var next = Without(newest.Manifest, isWithdrawn, request.Patient);
            try
            {
                await WriteAsync(new DatasetHead(dataset, next.Version, newest.Head.Generation + 1, $"withdrawal {request.Withdrawal}"), next, cancellation);
                return next.Version;
            }
            catch (BlobConflictException)
            {
                // A drop was committed first: take the cases out of what it made.
            }
        }
    }

    /// <summary>Of two at once that write the same generation one succeeds. Cut off before the head is written, the next reader writes it.</summary>
    /// <exception cref="BlobConflictException">The generation is another's.</exception>
    private async Task WriteAsync(DatasetHead head, DatasetManifest manifest, CancellationToken cancellation)
    {
        await store.WriteJsonAsync(BlobLayout.DatasetManifest(head.Dataset, head.Version), manifest, DomainJson.Readable, cancellation: cancellation);
        await store.WriteJsonAsync(BlobLayout.DatasetCommit(head.Dataset, head.Generation), new DatasetCommit(head, manifest), DomainJson.Readable, new WriteCondition(IfAbsent: true), cancellation);
        await files.PointAsync(head, cancellation);
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
}
