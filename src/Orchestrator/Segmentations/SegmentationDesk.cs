using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Segmentations;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Segmentations;

/// <param name="Tasks">Ids or names; empty: all of the modality.</param>
/// <param name="Entropy">An entropy map, too.</param>
internal sealed record SegmentationWish(string Line, IReadOnlyList<string> Tasks, string? Modality, int? Channel, bool Entropy, string? Who);

/// <summary>Takes images in, rings for workers until each is done, and deletes what has had its time. The row is the truth.</summary>
internal sealed class SegmentationDesk(OrchestratorDb db, IBlobStore blobs, IMessageBus bus, Production production, Registry registry, LineRecipes lines, OrchestratorOptions options)
{
    /// <summary>What the model in production cannot do is refused before the image is sent.</summary>
    /// <exception cref="DomainException">The line, its model or the tasks are not there, or too much waits already.</exception>
    public async Task<string> CheckAsync(SegmentationWish wish, CancellationToken cancellation)
    {
        lines.Of(wish.Line);
        var current = await production.CurrentAsync(wish.Line, cancellation)
            ?? throw new ConflictException($"No model of line '{wish.Line}' is in production. Drop a dataset and wait for its promotion, then ask again.");
        var model = (await registry.ReadAsync(wish.Line, current.Version, cancellation)).Manifest;
        var modality = TaskChoice.ModalityOf(model, wish.Modality);
        TaskChoice.Choose(model, wish.Tasks, modality);
        var most = options.Segmentations.MostOpen;
        if (await db.Segmentations.CountAsync(row => row.EndedAt == null, cancellation) >= most)
            throw new TooManyException($"{most} images wait already: that is all that is taken at once (Orchestrator:Segmentations:MostOpen). Ask again in a while.");
        return modality;
    }

    /// <summary>The image first, then the row: a row without its image is never there.</summary>
    public async Task<SegmentationRow> TakeAsync(SegmentationWish wish, string modality, Stream image, CancellationToken cancellation)
    {
        var id = $"s-{Guid.CreateVersion7():N}";
        var blob = await blobs.WriteAsync(BlobLayout.SegmentationImage(id), image, cancellation: cancellation);
        var now = db.Clock.Now;
        var row = new SegmentationRow
        {
            Id = id,
            Line = wish.Line,
            State = SegmentationStates.Queued,
            Tasks = [.. wish.Tasks],
            Modality = modality,
            Channel = wish.Channel,
            Entropy = wish.Entropy,
            Bytes = blob.Bytes,
            Who = wish.Who,
            CreatedAt = now,
            DueAt = now,
            ExpiresAt = now + options.Segmentations.Keep,
            TraceParent = Activity.Current?.Id,
        };
        db.Segmentations.Add(row);
        await db.SaveChangesAsync(cancellation);
        return row;
    }

    /// <exception cref="UnknownNameException">There is none, or its time is over.</exception>
    public async Task<SegmentationRow> FindAsync(string id, CancellationToken cancellation) =>
        await db.Segmentations.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation)
        ?? throw new UnknownNameException($"There is no segmentation '{id}': it was deleted, or its {options.Segmentations.Keep.TotalHours:0.#} hours are over. POST the image again.");

    /// <summary>The files first: a row that is still there is deleted again. A worker that is at it learns it by its next heartbeat.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        await DeleteFilesAsync(id, cancellation);
        await db.Segmentations.Where(row => row.Id == id).ExecuteDeleteAsync(cancellation);
        // What a worker laid down in between.
        await DeleteFilesAsync(id, cancellation);
    }

    public async Task DeleteFilesAsync(string id, CancellationToken cancellation)
    {
        var paths = new List<string>();
        await foreach (var blob in blobs.ListAsync(BlobLayout.Segmentation(id), cancellation))
            paths.Add(blob.Path);
        await blobs.DeleteBelowAsync(BlobLayout.Segmentation(id), paths, cancellation);
    }

    /// <summary>The sweep's part.</summary>
    public async Task LookAsync(bool always, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        foreach (var over in await db.Segmentations.Where(row => row.ExpiresAt <= now).Select(row => row.Id).ToListAsync(cancellation))
            await DeleteAsync(over, cancellation);
        foreach (var due in await db.Segmentations.AsNoTracking().Where(row => row.EndedAt == null && (always || row.DueAt <= now)).OrderBy(row => row.CreatedAt).ToListAsync(cancellation))
            if (await TryQueueAsync(due, now, cancellation))
            {
                using var activity = Telemetry.Join("ring", due.TraceParent);
                await bus.SendAsync(Queues.Segmentation, new SegmentImage(due.Id), cancellation);
            }
    }

    /// <summary>Of a worker that is not heard of any more, its image goes back; of replicas that look at once, one rings.</summary>
    private async Task<bool> TryQueueAsync(SegmentationRow due, DateTimeOffset now, CancellationToken cancellation)
    {
        var again = now + options.RingAgain;
        return await db.Segmentations.Where(row => row.Id == due.Id && row.Version == due.Version && row.DueAt == due.DueAt && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SegmentationStates.Queued).SetProperty(row => row.DueAt, again)
                .SetProperty(row => row.Version, row => row.Version + 1), cancellation) == 1;
    }
}
