namespace VerSemi.Ingest.Hints;

/// <summary>Drops in which somebody says that something changed. Only hints: lost ones cost time, false ones a listing.</summary>
internal sealed class HintedDrops(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _rung = new(0, 1);
    private HashSet<string> _drops = [];

    public void Add(string drop)
    {
        lock (_lock)
        {
            _drops.Add(drop);
            if (_rung.CurrentCount == 0)
                _rung.Release();
        }
    }

    /// <summary>All of them, each once; then there are none.</summary>
    public IReadOnlyCollection<string> Take()
    {
        lock (_lock)
        {
            _rung.Wait(0);
            (var taken, _drops) = (_drops, []);
            return taken;
        }
    }

    /// <summary>Until there is a hint, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waits = new[] { _rung.WaitAsync(stop.Token), Task.Delay(atMost, time, stop.Token) };
        await Task.WhenAny(waits);
        await stop.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => _rung.Dispose();
}
