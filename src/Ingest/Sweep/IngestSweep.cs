using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Hints;
using VerSemi.Ingest.Reports;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Ingest.Sweep;

/// <summary>
/// Looks at incoming/ and rings for every drop that is whole and has no report yet: _READY is there, or every file that
/// dataset.json lists is, or nothing changed for the quiet period. A drop that has its report is listed again by a hint,
/// or when its turn comes. Any number of processes may sweep one store: a drop is then rung for more often, and worked once.
/// </summary>
internal sealed class IngestSweep(IBlobStore store, DropReports reports, IMessageBus bus, IOptions<IngestOptions> options, TimeProvider time, ILogger<IngestSweep> log)
    : BackgroundService
{
    /// <summary>Drops listed at a time: a remote store takes its time to answer, not ours.</summary>
    private const int AtATime = 8;

    /// <summary>Hints come in crowds, one for each file.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    private readonly DropWatches _watches = new(time, options);
    private readonly HintedDrops _hints = new(time);

    /// <summary>Folders of which it was said that they cannot be drops.</summary>
    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    /// <summary>Something changed in this drop: it is looked at now.</summary>
    public void Hint(string drop) => _hints.Add(drop);

    /// <summary>One look at incoming/. Never two at a time, of this or of <see cref="LookAtHintedAsync"/>.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var hinted = _hints.Take();
        var drops = (await store.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(IsDrop).ToList();
        await LookAtAsync(_watches.Choose(drops, hinted), cancellation);
        Open = _watches.Open();
    }

    /// <summary>As of the last look; null before the first.</summary>
    public OpenDrops? Open { get; private set; }

    /// <summary>One look at the drops of which hints told, and at those still awaited from the last such look.</summary>
    /// <returns>Those that may be whole once they settled.</returns>
    public async Task<IReadOnlyList<string>> LookAtHintedAsync(IReadOnlyList<string> awaited, CancellationToken cancellation)
    {
        var drops = _hints.Take().Where(IsDrop).Union(awaited).ToList();
        await LookAtAsync(drops, cancellation);
        return [.. drops.Where(drop => _watches.Of(drop).Settles)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var looked = time.GetTimestamp();
            await TryAsync(() => LookAsync(stoppingToken), stoppingToken);
            await FollowHintsAsync(looked, stoppingToken);
        }
    }

    /// <summary>Until the next sweep is due.</summary>
    private async Task FollowHintsAsync(long looked, CancellationToken cancellation)
    {
        IReadOnlyList<string> awaited = [];
        while (Left(looked) is { Ticks: > 0 } left)
        {
            await _hints.WaitAsync(awaited.Count > 0 ? Shorter(left, options.Value.SettlePeriod) : left, cancellation);
            await Task.Delay(Shorter(Left(looked), Gather), time, cancellation);
            if (Left(looked) > TimeSpan.Zero)
                await TryAsync(async () => awaited = await LookAtHintedAsync(awaited, cancellation), cancellation);
        }
    }

    private TimeSpan Left(long looked) => TimeSpan.FromTicks(Math.Max(0, (options.Value.SweepInterval - time.GetElapsedTime(looked)).Ticks));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task TryAsync(Func<Task> look, CancellationToken cancellation)
    {
        try
        {
            await look();
        }
        // A request that timed out is a cancellation, too.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError("The sweep of {Folder} failed, the next one tries again: {Fault}", BlobLayout.Incoming, LoggedFault.Of(e));
        }
    }

    private bool IsDrop(string folder)
    {
        if (PathSegment.FaultOf(folder) is not { } fault)
            return true;
        if (!BlobLayout.IsAside(folder) && _said.TryAdd(folder, true))
            log.LogWarning("'{Folder}' in {Incoming} {Fault}: it is not taken for a drop. Rename it.", ShownText.Of(folder), BlobLayout.Incoming, fault);
        return false;
    }

    private async Task LookAtAsync(IReadOnlyList<string> drops, CancellationToken cancellation)
    {
        var watched = drops.Select(drop => (Drop: drop, Watch: _watches.Of(drop))).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(watched, parallel, async (one, stop) =>
        {
            if (await TryLookAtAsync(one.Drop, one.Watch, stop) is not { } whole)
                return;
            await bus.SendAsync(Queues.Ingest, whole, stop);
            one.Watch.Rang();
        });
    }

    /// <summary>Whatever is wrong with one drop, which may be being moved away this moment, does not keep the others waiting.</summary>
    private async Task<IngestDrop?> TryLookAtAsync(string drop, DropWatch watch, CancellationToken cancellation)
    {
        try
        {
            var whole = await LookAtAsync(drop, watch, cancellation);
            watch.LookSucceeded();
            return whole;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            watch.LookFailed();
            log.LogWarning("Drop {Drop} could not be looked at, which is tried again later: {Fault}", drop, LoggedFault.Of(e));
            return null;
        }
    }

    /// <returns>Null where nothing is to be done with it now.</returns>
    private async Task<IngestDrop?> LookAtAsync(string drop, DropWatch watch, CancellationToken cancellation)
    {
        var files = await DropFiles.ListAsync(store, drop, cancellation);
        watch.See(files);
        if (watch.HasNewReport(files))
            watch.SawReport(files, ofThisState: await reports.FindAsync(files, cancellation) is not null);
        if (watch.Done || (files.Files.Count == 0 && files.Unsafe.Count == 0 && files.Links.Count == 0 && !files.Ready))
            return null;
        return watch.RingIsDue && await IsWholeAsync(files, watch, cancellation) ? new IngestDrop(drop, files.Fingerprint) : null;
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
        var json = await TryReadJsonAsync(files, errors, cancellation);
        return errors.Count == 0 && json?.Cases is not null && json.ListedFiles.All(files.Files.ContainsKey);
    }

    /// <summary>What makes the reader fail is for the drop's report, once it is quiet.</summary>
    private async Task<DatasetJson?> TryReadJsonAsync(DropFiles files, List<string> errors, CancellationToken cancellation)
    {
        try
        {
            return await DropPlanner.ReadJsonAsync(store, files, options.Value, errors, cancellation);
        }
        catch (Exception e) when (e is not (UnreadableFileException or OperationCanceledException))
        {
            errors.Add(e.Message);
            return null;
        }
    }

    public override void Dispose()
    {
        _hints.Dispose();
        base.Dispose();
    }
}
