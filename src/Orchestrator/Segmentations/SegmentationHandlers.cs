using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Segmentations;

/// <summary>Of workers that ask for an image, one gets it; with it an attempt number, the fencing token.</summary>
internal sealed class SegmentationClaim(OrchestratorDb db, OrchestratorOptions options) : IRequestHandler<ClaimSegmentation, SegmentationAnswer>
{
    public async Task<SegmentationAnswer> HandleAsync(ClaimSegmentation request, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        var row = await db.Segmentations.FirstOrDefaultAsync(row => row.Id == request.Segmentation, cancellation);
        if (row is null || SegmentationStates.IsFinal(row.State))
            return Refused(request, row is null ? "it is not there any more" : $"it is {row.State}");
        if (row.State == SegmentationStates.Running && row.DueAt > now)
            return Refused(request, $"worker {row.Worker} has it");
        row.Version++;
        if (row.Attempt >= options.Segmentations.MostAttempts)
            Fail(row, now, $"{row.Attempt} workers began it and none came to its end: its image may be too large for their memory.");
        else
            (row.State, row.Attempt, row.Worker, row.DueAt) = (SegmentationStates.Running, row.Attempt + 1, request.Worker, now + options.TimeToExpiry);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Refused(request, "another worker came first");
        }
        return row.State == SegmentationStates.Failed ? Refused(request, "it has failed") : new SegmentationAnswer(
            row.Id, Granted: true, null, row.Attempt, options.Lease.TotalSeconds, options.Heartbeat.TotalSeconds, row.Line, row.Tasks, row.Modality, row.Channel, row.TraceParent, row.Entropy);
    }

    private void Fail(SegmentationRow row, DateTimeOffset now, string reason) =>
        (row.State, row.Reason, row.EndedAt, row.DueAt, row.ExpiresAt) = (SegmentationStates.Failed, reason, now, null, now + options.Segmentations.Keep);

    private static SegmentationAnswer Refused(ClaimSegmentation request, string why) => new(request.Segmentation, Granted: false, why);
}

internal sealed class SegmentationBeat(OrchestratorDb db, OrchestratorOptions options) : IRequestHandler<SegmentationHeartbeat, HeartbeatAnswer>
{
    public async Task<HeartbeatAnswer> HandleAsync(SegmentationHeartbeat request, CancellationToken cancellation)
    {
        var expires = db.Clock.Now + options.TimeToExpiry;
        var renewed = await db.Segmentations
            .Where(row => row.Id == request.Segmentation && row.Attempt == request.Attempt && row.Worker == request.Worker && row.State == SegmentationStates.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, expires).SetProperty(row => row.Version, row => row.Version + 1), cancellation);
        return new HeartbeatAnswer(renewed == 1 ? LeaseStanding.Continue : LeaseStanding.Fenced);
    }
}

/// <summary>What a worker says it did counts where it still has the image, and the result is there.</summary>
internal sealed class SegmentationEnd(OrchestratorDb db, IBlobStore blobs, SegmentationDesk desk, OrchestratorOptions options) : IRequestHandler<EndSegmentation, HeartbeatAnswer>
{
    public async Task<HeartbeatAnswer> HandleAsync(EndSegmentation request, CancellationToken cancellation)
    {
        var row = await db.Segmentations.FirstOrDefaultAsync(row => row.Id == request.Segmentation, cancellation);
        if (row is null)
            await desk.DeleteFilesAsync(request.Segmentation, cancellation);
        if (row is null || row.Attempt != request.Attempt || row.Worker != request.Worker)
            return new HeartbeatAnswer(LeaseStanding.Fenced);
        if (SegmentationStates.IsFinal(row.State))
            return new HeartbeatAnswer(LeaseStanding.Continue); // said twice
        Take(row, request, request.Outcome == WorkOutcome.Done && await blobs.FindAsync(BlobLayout.SegmentationResult(row.Id, row.Attempt), cancellation) is not null);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return new HeartbeatAnswer(LeaseStanding.Continue);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new HeartbeatAnswer(LeaseStanding.Fenced);
        }
    }

    private void Take(SegmentationRow row, EndSegmentation end, bool isThere)
    {
        var now = db.Clock.Now;
        row.Version++;
        if (end.Outcome is WorkOutcome.HandedBack or WorkOutcome.Cancelled || (end.Outcome == WorkOutcome.Failed && end.Retry && row.Attempt < options.Segmentations.MostAttempts))
        {
            (row.State, row.DueAt) = (SegmentationStates.Queued, end.Outcome == WorkOutcome.Failed ? now + options.PauseBeforeRetry(row.Attempt) : now);
            return;
        }
        (row.State, row.Reason) = isThere ? (SegmentationStates.Done, null)
            : (SegmentationStates.Failed, end.Reason ?? "The worker said it was done, but there is no label map.");
        (row.Model, row.Labels, row.Warnings) = (end.Model, [.. end.Labels ?? []], [.. end.Warnings ?? []]);
        (row.EndedAt, row.DueAt, row.ExpiresAt) = (now, null, now + options.Segmentations.Keep);
    }
}
