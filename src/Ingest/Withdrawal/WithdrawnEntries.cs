using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>
/// Which cases a request means, over all versions: those that it names, and whatever other case, in any dataset, holds
/// the same image. A function of the manifests, which stay: asked again it gives the same.
/// </summary>
internal static class WithdrawnEntries
{
    public static IReadOnlyList<WithdrawnCase> Find(WithdrawCases request, IReadOnlyList<DatasetVersions> datasets)
    {
        var named = Of(datasets, (dataset, entry) => IsNamed(request, dataset.Name, entry)).ToHashSet();
        var images = named.Select(found => found.Entry.Image).ToHashSet();
        var all = named.Concat(Of(datasets, (_, entry) => images.Contains(entry.Image))).Distinct();
        return [.. all.Select(found => new WithdrawnCase(found.Dataset, found.Entry.Id, found.Entry.Image, found.Entry.Label, named.Contains(found)))
            .Distinct().OrderBy(found => found.Dataset, StringComparer.Ordinal).ThenBy(found => found.Id, StringComparer.Ordinal).ThenBy(found => found.Image, StringComparer.Ordinal)];
    }

    public static bool IsNamed(WithdrawCases request, string dataset, string id, string patient) =>
        (request.Dataset is null || request.Dataset == dataset) && (request.Case is { } named ? named == id : request.Patient == patient);

    private static bool IsNamed(WithdrawCases request, string dataset, CaseEntry entry) => IsNamed(request, dataset, entry.Id, entry.Patient);

    private static IEnumerable<(string Dataset, CaseEntry Entry)> Of(IReadOnlyList<DatasetVersions> datasets, Func<DatasetVersions, CaseEntry, bool> which) =>
        datasets.SelectMany(dataset => dataset.Entries.Where(entry => which(dataset, entry)).Select(entry => (dataset.Name, entry)));
}
