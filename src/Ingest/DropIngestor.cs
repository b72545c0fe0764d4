using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Commit;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Reports;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest;

/// <summary>
/// A whole drop becomes a dataset's next version: plan → check and canonicalise each case → commit. Cut off anywhere, it
/// is simply done again: voxels and manifests lie under their own hashes, and nothing points to them before the commit.
/// </summary>
internal sealed class DropIngestor(IBlobStore store, Canonicaliser canonicaliser, DatasetCommitter committer, IOptions<IngestOptions> options)
{
    /// <returns>The report, not written yet. What is wrong with the drop or its cases is in it, not thrown.</returns>
    /// <exception cref="IOException">The store or the disk failed: try again later.</exception>
    public async Task<IngestReport> IngestAsync(DropFiles files, CancellationToken cancellation)
    {
        DropPlan? plan = null;
        try
        {
            var withdrawn = await Tombstones.ReadAsync(store, cancellation);
            plan = await DropPlanner.PlanAsync(store, files, options.Value, withdrawn, cancellation);
            DatasetUnion.Check(await committer.NewestAsync(plan.Dataset, cancellation), plan);
            var outcomes = await CheckCasesAsync(files, plan, withdrawn, cancellation);
            return await CommitAsync(files, plan, outcomes, cancellation);
        }
        catch (DropRefusedException e)
        {
            return Report(files, plan) with { Refusal = e.Message, Cases = plan?.Quarantined ?? [] };
        }
    }

    private async Task<IReadOnlyCollection<CaseOutcome>> CheckCasesAsync(DropFiles files, DropPlan plan, Tombstones withdrawn, CancellationToken cancellation)
    {
        var outcomes = new ConcurrentBag<CaseOutcome>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelCases, CancellationToken = cancellation };
        await Parallel.ForEachAsync(plan.Cases, parallel, async (planned, stop) =>
            outcomes.Add(await canonicaliser.RunAsync(files, plan, planned, withdrawn, options.Value, stop)));
        return outcomes;
    }

    private async Task<IngestReport> CommitAsync(DropFiles files, DropPlan plan, IReadOnlyCollection<CaseOutcome> outcomes, CancellationToken cancellation)
    {
        var accepted = outcomes.Select(outcome => outcome.Accepted).OfType<CanonicalCase>().OrderBy(found => found.Planned.Id, StringComparer.Ordinal).ToList();
        var quarantined = plan.Quarantined.Concat(outcomes.Select(outcome => outcome.Quarantined).OfType<CaseReport>()).ToList();
        if (accepted.Count == 0 && quarantined.All(found => Tombstones.IsReason(found.Quarantined)) && await committer.NewestAsync(plan.Dataset, cancellation) is { } newest)
            return Report(files, plan) with { Outcome = IngestOutcome.Unchanged, Version = newest.Version, Cases = Sorted(quarantined) };
        if (accepted.Count == 0)
            return Report(files, plan) with { Refusal = "No case of the drop can be used; the reasons stand case by case.", Cases = Sorted(quarantined) };

        var (outcome, union) = await committer.CommitAsync(files, plan, accepted, cancellation);
        return Report(files, plan) with
        {
            Outcome = outcome,
            Version = union.Manifest.Version,
            Cases = Sorted([.. quarantined, .. accepted.Select(found => CaseReportOf(found, union))]),
            Notes = [.. plan.Notes, .. union.Notes, .. await TaskMatches.FindAsync(store, union.Manifest, cancellation)],
        };
    }

    private static CaseReport CaseReportOf(CanonicalCase found, DatasetUnion union)
    {
        if (union.LeftOut.TryGetValue(found.Planned.Id, out var reason))
            return new CaseReport(found.Planned.Id, null, reason, found.Notes);
        var entry = union.Manifest.Cases.First(entry => entry.Id == found.Planned.Id);
        return new CaseReport(entry.Id, entry.Split?.ToString().ToLowerInvariant() ?? "unlabelled", null, found.Notes);
    }

    private static IReadOnlyList<CaseReport> Sorted(IEnumerable<CaseReport> cases) =>
        [.. cases.OrderBy(found => found.Id, StringComparer.Ordinal).ThenBy(found => found.Quarantined, StringComparer.Ordinal)];

    private static IngestReport Report(DropFiles files, DropPlan? plan) => new()
    {
        Drop = files.Drop,
        Fingerprint = files.Fingerprint,
        Outcome = IngestOutcome.Refused,
        Dataset = plan?.Dataset,
        Notes = plan?.Notes ?? [],
    };
}
