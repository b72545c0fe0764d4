using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Live;

/// <summary>
/// What happens, for any number of followers: one look at the database for all of them, and none while nobody follows.
/// The database is what all replicas share, so each of them tells of everything.
/// </summary>
public sealed class LiveEvents(IServiceScopeFactory scopes, OrchestratorOptions options, TimeProvider time, IHostApplicationLifetime process, ILogger<LiveEvents> log) : IDisposable
{
    /// <summary>Who comes back after more than this reads the state anew.</summary>
    private const int MostMissed = 5000;

    private readonly Lock _gate = new();
    private LiveWatch? _watch;
    private int _followers;

    public int Followers => Volatile.Read(ref _followers);

    /// <summary>Ends when the process stops.</summary>
    /// <param name="after">The last id that was seen: what happened since comes first. Null: an "open" event, then what happens from now on.</param>
    public async IAsyncEnumerable<LiveEvent> FollowAsync(long? after = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, process.ApplicationStopping);
        var watch = Enter();
        Follower? follower = null;
        try
        {
            if (await JoinAsync(watch, stop.Token) is not { } joined)
                yield break;
            follower = joined;
            var seen = after ?? joined.Start;
            if (after is null)
                yield return Now(LiveEvent.Open, joined.Start);
            await foreach (var missed in MissedAsync(after ?? joined.Start, joined.Start, stop.Token))
            {
                // A reload puts a wrong position right.
                seen = missed.Id;
                yield return missed;
            }
            await foreach (var happened in UntilStoppedAsync(joined.ReadAsync(stop.Token), cancellation))
                if (happened.Id > seen || !IsRow(happened))
                    yield return happened;
        }
        finally
        {
            Leave(watch, follower);
        }
    }

    public void Dispose() => _watch?.Dispose();

    private static bool IsRow(LiveEvent happened) => happened.Kind is not (LiveEvent.Open or LiveEvent.RunProgress or LiveEvent.Drop or LiveEvent.Reload);

    private LiveWatch Enter()
    {
        lock (_gate)
        {
            _followers++;
            return _watch ??= new LiveWatch(scopes, options, time, log);
        }
    }

    private void Leave(LiveWatch watch, Follower? follower)
    {
        lock (_gate)
        {
            if (follower is not null)
                watch.Remove(follower);
            if (--_followers > 0)
                return;
            _watch = null;
            watch.Dispose();
        }
    }

    /// <returns>Null where the process stops meanwhile.</returns>
    private async Task<Follower?> JoinAsync(LiveWatch watch, CancellationToken stop)
    {
        try
        {
            return await watch.JoinAsync(stop);
        }
        catch (OperationCanceledException) when (process.ApplicationStopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The process's own end is an end in order, not a failure of the stream.</summary>
    private static async IAsyncEnumerable<LiveEvent> UntilStoppedAsync(IAsyncEnumerable<LiveEvent> events, [EnumeratorCancellation] CancellationToken caller)
    {
        await using var source = events.GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await source.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException) when (!caller.IsCancellationRequested)
            {
                yield break;
            }
            yield return source.Current;
        }
    }

    private async IAsyncEnumerable<LiveEvent> MissedAsync(long after, long until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (after == until)
            yield break;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        var newest = after <= until ? until : await db.Timeline.MaxAsync(row => (long?)row.Id, cancellation) ?? 0;
        if (until - after > MostMissed || after > newest)
        {
            yield return Now(LiveEvent.Reload, until);
            yield break;
        }
        var lines = new LinesOfSubjects();
        for (var last = after; last < until;)
        {
            var rows = await db.Timeline.AsNoTracking().Where(row => row.Id > last && row.Id <= until).OrderBy(row => row.Id).Take(TimelineReader.AtATime).ToListAsync(cancellation);
            foreach (var missed in await lines.EventsAsync(db, rows, cancellation))
                yield return missed;
            last = rows.Count == 0 ? until : rows[^1].Id;
        }
    }

    private LiveEvent Now(string kind, long id) => new(id, kind, "", null, time.GetUtcNow());
}
