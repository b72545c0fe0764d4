using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>Adds to datasets/name/withdrawn.json; what stands there already is not added again.</summary>
internal sealed class TombstoneFile(IBlobStore store)
{
    public async Task AddAsync(string dataset, IReadOnlyCollection<Tombstone> cases, IReadOnlyCollection<string> files, CancellationToken cancellation)
    {
        var path = BlobLayout.Withdrawn(dataset);
        while (true)
        {
            var found = await store.TryReadJsonAsync<WithdrawnCases>(path, DomainJson.Readable, cancellation);
            var before = found?.Value ?? new WithdrawnCases();
            var after = new WithdrawnCases { Cases = [.. before.Cases, .. cases.Where(one => !before.Cases.Any(known => IsSame(known, one)))], Files = [.. before.Files.Union(files)] };
            if (after.Cases.Count == before.Cases.Count && after.Files.Count == before.Files.Count)
                return;
            try
            {
                await store.WriteJsonAsync(path, after, DomainJson.Readable, new WriteCondition(IfMatch: found?.ETag, IfAbsent: found is null), cancellation);
                return;
            }
            catch (BlobConflictException)
            {
                // Another withdrawal wrote in between: add to what it left.
            }
        }
    }

    private static bool IsSame(Tombstone a, Tombstone b) => (a.Withdrawal, a.Case, a.Image, a.Label) == (b.Withdrawal, b.Case, b.Image, b.Label);
}
