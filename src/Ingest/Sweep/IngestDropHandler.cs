using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Reports;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Ingest.Sweep;

/// <summary>Takes a drop to its report. Idempotent: a message for another state of the drop, or one that was reported, does nothing.</summary>
internal sealed class IngestDropHandler(IBlobStore store, DropIngestor ingestor, DropReports reports, IMessageBus bus, IOptions<IngestOptions> options, ILogger<IngestDropHandler> log) : IMessageHandler<IngestDrop>
{
    public async Task HandleAsync(IngestDrop message, CancellationToken cancellation)
    {
        if (PathSegment.FaultOf(message.Drop) is { } fault)
        {
            log.LogError("A message names the drop '{Drop}', which {Fault}: it is ignored", ShownText.Of(message.Drop ?? ""), fault);
            return;
        }
        try
        {
            await using var lease = await store.TryLeaseAsync(DropFiles.LeaseOf(message.Drop), cancellation);
            if (lease is not null && !await WithdrawCasesHandler.AnyOpenAsync(store, cancellation))
                await IngestAsync(message, lease, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Not refused and not given up: the sweep rings again, ever more rarely. To throw would ring at once.
            log.LogError("Drop {Drop} could not be finished and is tried again later: {Fault}", message.Drop, LoggedFault.Of(e));
            IngestMetrics.PutOff();
            await TellAsync(message, e, cancellation);
        }
    }

    private async Task IngestAsync(IngestDrop message, IBlobLease lease, CancellationToken cancellation)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Lost);
        try
        {
            var files = await DropFiles.ListAsync(store, message.Drop, held.Token);
            if (files.Fingerprint == message.Fingerprint && await reports.FindAsync(files, held.Token) is null)
                await IngestAsync(files, held.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            log.LogWarning("Drop {Drop} is left to another worker: its lease could not be renewed in time", message.Drop);
        }
    }

    private async Task IngestAsync(DropFiles files, CancellationToken cancellation)
    {
        using var activity = StartTrace(files.Drop);
        var begun = Stopwatch.GetTimestamp();
        var report = await ReportAsync(files, cancellation);
        if (report is { Outcome: IngestOutcome.Committed, Dataset: { } dataset, Version: { } version })
            await bus.SendAsync(Queues.Catalogue, new DatasetCommitted(dataset, version), cancellation);
        await reports.WriteAsync(report, cancellation);
        IngestMetrics.Reported(report, Stopwatch.GetElapsedTime(begun));
        activity?.SetTag("outcome", report.Outcome).SetTag("dataset", report.Dataset).SetTag("version", report.Version);
        log.LogInformation("Drop {Drop}: {Outcome}, dataset {Dataset} {Version}, {Quarantined} of {Cases} cases quarantined; the reasons stand in its report",
            report.Drop, report.Outcome, report.Dataset, report.Version, report.Cases.Count(found => found.Quarantined is not null), report.Cases.Count);
        await bus.SendAsync(Queues.Catalogue, new DropIngested(report.Drop, report.Fingerprint, report.Outcome.ToString().ToLowerInvariant()), cancellation);
    }

    /// <summary>What fails in the same way again and again, while the store takes the notes of it, is refused with that.</summary>
    private async Task<IngestReport> ReportAsync(DropFiles files, CancellationToken cancellation)
    {
        try
        {
            return await ingestor.IngestAsync(files, cancellation);
        }
        catch (Exception e) when (DropFailures.IsOfDrop(e) && !cancellation.IsCancellationRequested)
        {
            var tries = 1 + await reports.FailuresAsync(files.Drop, files.Fingerprint, DropFailures.KindOf(e), cancellation);
            if (tries < options.Value.DropTries)
                throw;
            return DropIngestor.Refused(files, e, tries);
        }
    }

    /// <summary>The drop's trace begins here, not with the ring, of which there may be many: it is only linked.</summary>
    private static Activity? StartTrace(string drop)
    {
        var ring = Activity.Current;
        Activity.Current = null;
        return Telemetry.Source.StartActivity("ingest drop", ActivityKind.Internal, parentContext: default,
            tags: [new("drop", drop)], links: ring is null ? [] : [new ActivityLink(ring.Context)]);
    }

    /// <summary>Beside the drop, for whoever waits for it; a full disk may have no room even for that.</summary>
    private async Task TellAsync(IngestDrop message, Exception failure, CancellationToken cancellation)
    {
        try
        {
            await reports.WriteProblemAsync(message.Drop, message.Fingerprint, failure, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError("Nor could the problem be written beside drop {Drop}: {Reason}", message.Drop, LoggedFault.Cut(e.Message));
        }
    }
}
