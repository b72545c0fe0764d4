using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Reports;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Ingest.Sweep;

/// <summary>
/// Looks at incoming/ and rings for every drop that is whole and has no report yet: _READY is there, or every file that
/// dataset.json lists is, or nothing changed for the quiet period.
/// </summary>
internal sealed class IngestSweep(IBlobStore store, DropReports reports, IMessageBus bus, IOptions<IngestOptions> options, TimeProvider time, ILogger<IngestSweep> log)
    : BackgroundService
{
    private readonly Dictionary<string, DropWatch> _watches = [];

    /// <summary>One look. Never two at a time.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var drops = (await store.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(drop => !drop.StartsWith('_') && !drop.StartsWith('.')).ToList();
        foreach (var gone in _watches.Keys.Except(drops).ToList())
            _watches.Remove(gone);
        foreach (var drop in drops)
            try
            {
                await LookAtAsync(drop, cancellation);
            }
            catch (IOException e)
            {
                // One drop, e.g. being moved away this moment, does not keep the others waiting.
                log.LogWarning(e, "Drop {Drop} could not be looked at, the next sweep tries again: {Reason}", drop, e.Message);
            }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The sweep of {Folder} failed, the next one tries again: {Reason}", BlobLayout.Incoming, e.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAtAsync(string drop, CancellationToken cancellation)
    {
        var files = await DropFiles.ListAsync(store, drop, cancellation);
        if (!_watches.TryGetValue(drop, out var watch))
            _watches[drop] = watch = new DropWatch(time, options.Value);
        watch.See(files);
        if (watch.Done || (files.Files.Count == 0 && files.Links.Count == 0 && !files.Ready))
            return;
        if (!watch.RingIsDue || !await IsWholeAsync(files, watch, cancellation))
            return;
        if (await reports.FindAsync(files, cancellation) is not null)
        {
            watch.Done = true;
            return;
        }
        await bus.SendAsync(Queues.Ingest, new IngestDrop(drop, files.Fingerprint), cancellation);
        watch.Rang();
    }

    private async Task<bool> IsWholeAsync(DropFiles files, DropWatch watch, CancellationToken cancellation)
    {
        if (files.Ready || watch.Quiet)
            return true;
        return watch.Settled && (watch.Complete ??= await HasAllListedAsync(files, cancellation));
    }

    private async Task<bool> HasAllListedAsync(DropFiles files, CancellationToken cancellation)
    {
        // What is wrong with it may be that it is half-written: the quiet period decides.
        var errors = new List<string>();
        var json = await DropPlanner.ReadJsonAsync(store, files, options.Value, errors, cancellation);
        return errors.Count == 0 && json?.Cases is not null && json.ListedFiles.All(files.Files.ContainsKey);
    }
}
