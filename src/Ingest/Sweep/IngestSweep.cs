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
            await TryAsync(() => LookAsync(stoppingToken));
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
                await TryAsync(async () => awaited = await LookAtHintedAsync(awaited, cancellation));
        }
    }

    private TimeSpan Left(long looked) => TimeSpan.FromTicks(Math.Max(0, (options.Value.SweepInterval - time.GetElapsedTime(looked)).Ticks));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task TryAsync(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError("The sweep of {Folder} failed, the next one tries again: {Fault}", BlobLayout.Incoming, LoggedFault.Of(e));
        }
    }

    private static bool IsDrop(string folder) => !folder.StartsWith('_') && !folder.StartsWith('.');

    private async Task LookAtAsync(IReadOnlyList<string> drops, CancellationToken cancellation)
    {
        var watched = drops.Select(drop => (Drop: drop, Watch: _watches.Of(drop))).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(watched, parallel, async (one, stop) =>
        {
            try
            {
                await LookAtAsync(one.Drop, one.Watch, stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // One drop, e.g. being moved away this moment, does not keep the others waiting.
                log.LogWarning("Drop {Drop} could not be looked at, the next sweep tries again: {Fault}", one.Drop, LoggedFault.Of(e));
            }
        });
    }

    private async Task LookAtAsync(string drop, DropWatch watch, CancellationToken cancellation)
    {
        var files = await DropFiles.ListAsync(store, drop, cancellation);
        watch.See(files);
        if (!watch.Done && watch.HasNewReport(files))
            watch.SawReport(files, ofThisState: await reports.FindAsync(files, cancellation) is not null);
        if (watch.Done || (files.Files.Count == 0 && files.Links.Count == 0 && !files.Ready))
            return;
        if (!watch.RingIsDue || !await IsWholeAsync(files, watch, cancellation))
            return;
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

    public override void Dispose()
    {
        _hints.Dispose();
        base.Dispose();
    }
}
