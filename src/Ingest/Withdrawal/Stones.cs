using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>The tombstones of a dataset's withdrawn cases, and what a record gains.</summary>
internal static class Stones
{
    /// <param name="voxels">Of an image's voxels, by the hash of its canonical file.</param>
    public static IEnumerable<Tombstone> Of(
        WithdrawCases request, IGrouping<string, WithdrawnCase> cases, IReadOnlyList<DatasetVersions> datasets, IReadOnlyDictionary<string, string> voxels)
    {
        var newest = datasets.First(dataset => dataset.Name == cases.Key).Newest?.Cases ?? [];
        var images = cases.Select(found => found.Image).ToHashSet();
        var patient = request.Patient is { } named ? WithdrawnCases.OfPatient(named) : null;
        foreach (var found in cases)
        {
            // The name may be another image's by now, which stays.
            var isReused = !found.Named && newest.Any(entry => entry.Id == found.Id && !images.Contains(entry.Image));
            yield return new Tombstone(
                request.Withdrawal, request.At, isReused ? null : WithdrawnCases.OfCase(found.Dataset, found.Id), found.Named ? patient : null,
                patient is not null && request.Dataset is null, found.Image, found.Label, voxels.GetValueOrDefault(found.Image));
        }
    }

    public static WithdrawalRecord And(this WithdrawalRecord record, IEnumerable<string> erased) =>
        record with { Erased = [.. record.Erased.Union(erased).Order(StringComparer.Ordinal)] };
}
