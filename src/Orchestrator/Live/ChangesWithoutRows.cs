using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Live;

/// <summary>What has no timeline row: how far runs are, and drops on their way. Told where it differs from the look before.</summary>
internal sealed class ChangesWithoutRows(LiveOptions options, TimeProvider time, LinesOfSubjects lines)
{
    private Dictionary<string, RunProgress> _progress = [];
    private Dictionary<string, (Api.DropState State, string? Problem)> _drops = [];
    private long _dropsSeen;

    /// <summary>What is so now is nobody's news: whoever comes reads it.</summary>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellation)
    {
        _progress = await ProgressAsync(services.GetRequiredService<OrchestratorDb>(), cancellation);
        _drops = await DropsAsync(services, cancellation);
    }

    public async Task<List<LiveEvent>> LookAsync(IServiceProvider services, long position, CancellationToken cancellation)
    {
        var (db, changes) = (services.GetRequiredService<OrchestratorDb>(), new List<LiveEvent>());
        var progress = await ProgressAsync(db, cancellation);
        foreach (var (run, now) in progress)
            if (_progress.GetValueOrDefault(run) != now)
                changes.Add(new LiveEvent(position, LiveEvent.RunProgress, run, await lines.OfRunAsync(db, run, cancellation), db.Clock.Now, Progress: now));
        _progress = progress;
        if (time.GetElapsedTime(_dropsSeen) < options.DropsEvery)
            return changes;
        var drops = await DropsAsync(services, cancellation);
        changes.AddRange(drops.Where(drop => !_drops.TryGetValue(drop.Key, out var before) || before != drop.Value).Select(drop =>
            new LiveEvent(position, LiveEvent.Drop, drop.Key, null, db.Clock.Now, drop.Value.State.ToString(), Detail: drop.Value.Problem)));
        _drops = drops;
        return changes;
    }

    private static async Task<Dictionary<string, RunProgress>> ProgressAsync(OrchestratorDb db, CancellationToken cancellation) =>
        (await db.Leases.AsNoTracking().ToListAsync(cancellation)).Where(lease => lease.Progress is not null).ToDictionary(lease => lease.Run, lease => lease.Progress!);

    private async Task<Dictionary<string, (Api.DropState State, string? Problem)>> DropsAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var drops = (await services.GetRequiredService<Drops>().ListAsync(cancellation)).ToDictionary(drop => drop.Name, drop => (drop.State, drop.Problem));
        _dropsSeen = time.GetTimestamp();
        return drops;
    }
}
