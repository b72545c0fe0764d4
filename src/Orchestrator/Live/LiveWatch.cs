using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Live;

/// <summary>Looks again and again, from the first follower's coming to the last one's leaving, and tells all of them.</summary>
internal sealed class LiveWatch : IDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<Follower> _followers = [];
    private readonly TimelineReader _timeline;
    private readonly LinesOfSubjects _lines = new();
    private readonly ChangesWithoutRows _changes;
    private long _told;

    public LiveWatch(IServiceScopeFactory scopes, OrchestratorOptions options, TimeProvider time, ILogger log)
    {
        (_scopes, _options, _time, _log) = (scopes, options.Live, time, log);
        _stopping = _stop.Token;
        _timeline = new TimelineReader(time);
        _changes = new ChangesWithoutRows(options.Live, time, _lines);
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Waits until the database answers.</summary>
    public async Task<Follower> JoinAsync(CancellationToken cancellation)
    {
        await _started.Task.WaitAsync(cancellation);
        lock (_gate)
        {
            var follower = new Follower(_told, _options.Waiting);
            _followers.Add(follower);
            return follower;
        }
    }

    public void Remove(Follower follower)
    {
        lock (_gate)
            _followers.Remove(follower);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var inTrouble = false;
        while (!_stopping.IsCancellationRequested)
        {
            var more = false;
            try
            {
                await using var scope = _scopes.CreateAsyncScope();
                more = await LookAsync(scope.ServiceProvider, _stopping);
                inTrouble = false;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!inTrouble)
                    _log.LogError(e, "Live events: the database could not be looked at. It is tried again; followers lag until then.");
                inTrouble = true;
            }
            if (!more)
                await Task.Delay(_options.LookEvery, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there is more to read at once.</returns>
    private async Task<bool> LookAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<OrchestratorDb>();
        if (!_started.Task.IsCompleted)
        {
            await _timeline.StartAsync(db, cancellation);
            await _changes.StartAsync(services, cancellation);
            _told = _timeline.Position;
            _started.TrySetResult();
            return false;
        }
        var rows = await _timeline.ReadAsync(db, cancellation);
        List<LiveEvent> events = [.. await _lines.EventsAsync(db, rows, cancellation)];
        _timeline.Advance(rows);
        Tell(events, _timeline.Position);
        Tell([.. await _changes.LookAsync(services, _timeline.Position, cancellation)], _timeline.Position);
        return rows.Count == TimelineReader.AtATime;
    }

    private void Tell(IReadOnlyList<LiveEvent> events, long position)
    {
        lock (_gate)
        {
            _told = position;
            foreach (var happened in events)
                foreach (var follower in _followers)
                    follower.Tell(happened);
        }
    }
}
