using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
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
internal sealed class DropIngestor(
    IBlobStore store, Canonicaliser canonicaliser, DatasetCommitter committer, DropReports reports, IOptions<IngestOptions> options, ILogger<DropIngestor> log)
{
    /// <returns>The report, not written yet. What is wrong with the drop or its cases is in it, not thrown.</returns>
    /// <exception cref="IOException">The store or the disk failed: try again later.</exception>
    public async Task<IngestReport> IngestAsync(DropFiles files, CancellationToken cancellation)
    {
        var withdrawn = await Tombstones.ReadAsync(store, cancellation);
        DropPlan? plan = null;
        try
        {
            plan = await PlanAsync(files, withdrawn, cancellation);
            DatasetUnion.Check(await committer.NewestAsync(plan.Dataset, cancellation), plan);
            var reported = await reports.TakenAsync(files.Drop, cancellation);
            var outcomes = await CheckCasesAsync(files, plan, withdrawn, await committer.ReplacementsAsync(files, plan, reported, cancellation), cancellation);
            return await CommitAsync(files, plan, outcomes, reported, cancellation);
        }
        catch (DropRefusedException e)
        {
            return Report(files, plan) with { Refusal = e.Message, Cases = plan?.Quarantined ?? [] };
        }
    }

    /// <summary>The report on a drop that fails however often it is tried.</summary>
    public static IngestReport Refused(DropFiles files, Exception failure, int tries) => Report(files, null) with
    {
        Refusal = $"Taking the drop in failed {tries} times in the same way: {(failure is UnreadableFileException ? "" : $"{failure.GetType().Name}: ")}{ShownText.Of(failure.Message, 500)} "
            + "Mend what it names, then write the file or copy the drop again.",
    };

    /// <summary>Nothing but the drop is read: what goes wrong, and is not the store's, will go wrong again.</summary>
    private async Task<DropPlan> PlanAsync(DropFiles files, Tombstones withdrawn, CancellationToken cancellation)
    {
        try
        {
            return await DropPlanner.PlanAsync(store, files, options.Value, withdrawn, cancellation);
        }
        catch (Exception e) when (e is not (DropRefusedException or UnreadableFileException or OperationCanceledException or IOException or UnauthorizedAccessException))
        {
            log.LogError("Drop {Drop} is refused, which may be a defect of Ingest: {Fault}", files.Drop, LoggedFault.Of(e));
            throw new DropRefusedException($"The drop's description made Ingest fail ({e.GetType().Name}: {ShownText.Of(e.Message)}). "
                + $"Change {DropFiles.DatasetJson} or the names of the files, and report this: the log has more.");
        }
    }

    /// <summary>Cases that the dataset has already come first: a drop of another site's is refused before its voxels are stored.</summary>
    private async Task<IReadOnlyCollection<CaseOutcome>> CheckCasesAsync(DropFiles files, DropPlan plan, Tombstones withdrawn, Replacements replacements, CancellationToken cancellation)
    {
        var again = await CheckAsync(plan.Cases.Where(planned => replacements.IsInDataset(planned.Id)));
        replacements.Refuse(again.Select(outcome => outcome.Replaces).OfType<string>());
        return [.. again, .. await CheckAsync(plan.Cases.Where(planned => !replacements.IsInDataset(planned.Id)))];

        Task<IReadOnlyCollection<CaseOutcome>> CheckAsync(IEnumerable<PlannedCase> cases) =>
            CheckCasesAsync(cases, (planned, stop) => canonicaliser.RunAsync(files, plan, planned, withdrawn, replacements.Forbid, options.Value, stop), cancellation);
    }

    private async Task<IReadOnlyCollection<CaseOutcome>> CheckCasesAsync(
        IEnumerable<PlannedCase> cases, Func<PlannedCase, CancellationToken, Task<CaseOutcome>> check, CancellationToken cancellation)
    {
        var outcomes = new ConcurrentBag<CaseOutcome>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelCases, CancellationToken = cancellation };
        await Parallel.ForEachAsync(cases, parallel, async (planned, stop) => outcomes.Add(await check(planned, stop)));
        return outcomes;
    }

    private async Task<IngestReport> CommitAsync(DropFiles files, DropPlan plan, IReadOnlyCollection<CaseOutcome> outcomes, IReadOnlySet<string> reported, CancellationToken cancellation)
    {
        var accepted = outcomes.Select(outcome => outcome.Accepted).OfType<CanonicalCase>().OrderBy(found => found.Planned.Id, StringComparer.Ordinal).ToList();
        var quarantined = plan.Quarantined.Concat(outcomes.Select(outcome => outcome.Quarantined).OfType<CaseReport>()).ToList();
        if (accepted.Count == 0 && quarantined.All(found => Tombstones.IsReason(found.Quarantined)) && await committer.NewestAsync(plan.Dataset, cancellation) is { } newest)
            return Report(files, plan) with { Outcome = IngestOutcome.Unchanged, Version = newest.Version, Cases = Sorted(quarantined) };
        if (accepted.Count == 0)
            return Report(files, plan) with { Refusal = "No case of the drop can be used; the reasons stand case by case.", Cases = Sorted(quarantined) };

        var (outcome, union) = await committer.CommitAsync(files, plan, accepted, reported, cancellation);
        return Report(files, plan) with
        {
            Outcome = outcome,
            Version = union.Manifest.Version,
            Cases = Sorted([.. quarantined, .. accepted.Select(found => CaseReportOf(found, union))]),
            Notes = [.. plan.Notes, .. union.Notes, .. await OtherDatasets.CompareAsync(store, union.Manifest, cancellation)],
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
