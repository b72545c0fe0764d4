using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Notifications;

/// <summary>Follows the reports of drops in the blob store, which are the truth; Ingest's message only makes it sooner.</summary>
internal sealed class DropReports(OrchestratorDb db, IBlobStore blobs, OrchestratorOptions options, DropReportClock clock) : IMessageHandler<DropIngested>
{
    public Task HandleAsync(DropIngested message, CancellationToken cancellation) => PathSegment.Is(message.Drop) ? TakeAsync(message.Drop, cancellation) : Task.CompletedTask;

    /// <summary>The sweep's part, every some seconds: a listing and a look at every drop.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        if (!clock.IsTime(db.Clock.Now))
            return;
        foreach (var drop in (await blobs.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(PathSegment.Is))
            await TakeAsync(drop, cancellation);
    }

    private async Task TakeAsync(string drop, CancellationToken cancellation)
    {
        var row = await db.Drops.FirstOrDefaultAsync(known => known.Name == drop, cancellation);
        if (await blobs.FindAsync(BlobLayout.DropReport(drop), cancellation) is not { } found || found.ETag == row?.Report)
            return;
        // One that is damaged is written again by Ingest.
        if ((await blobs.InspectJsonAsync<IngestReport>(found.Path, DomainJson.Readable, cancellation)).Value is not { } report)
            return;
        if (row is null)
            db.Drops.Add(row = new DropRow { Name = drop });
        (row.Report, row.Fingerprint, row.Outcome) = (found.ETag, report.Fingerprint, report.Outcome.ToString().ToLowerInvariant());
        (row.Dataset, row.DatasetVersion, row.ReportedAt) = (report.Dataset, report.Version, found.Modified);
        if (await IsNewsAsync(report, found.Modified, cancellation))
            db.Notifications.Add(WebhookBodies.Of(report, db.Clock.Now));
        await SaveAsync(cancellation);
    }

    /// <summary>A webhook that is configured today is not told of last year's drops.</summary>
    private async Task<bool> IsNewsAsync(IngestReport report, DateTimeOffset written, CancellationToken cancellation)
    {
        var id = WebhookBodies.IdOf(report);
        return options.Webhook.Tells(WebhookEvents.ReportReady) && db.Clock.Now - written < options.Webhook.GiveUpAfter
            && !await db.Notifications.AnyAsync(row => row.Id == id, cancellation);
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Another replica was faster with this row; if it was something else, the next look tries again.
            db.ChangeTracker.Clear();
        }
    }
}

/// <summary>When this process last looked at all drops.</summary>
internal sealed class DropReportClock
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public bool IsTime(DateTimeOffset now)
    {
        if (now < _next)
            return false;
        _next = now + Interval;
        return true;
    }
}
