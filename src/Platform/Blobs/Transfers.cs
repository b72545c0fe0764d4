namespace VerSemi.Platform.Blobs;

/// <summary>At most so many at a time, taken back in the order they were started. When it is disposed none goes on, whatever happened.</summary>
internal sealed class Transfers<T>(int parallel, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly Queue<Task<T>> _underWay = [];
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    public bool IsFull => _underWay.Count >= parallel;
    public bool IsEmpty => _underWay.Count == 0;

    public void Start(Func<CancellationToken, Task<T>> transfer) => _underWay.Enqueue(transfer(_stop.Token));

    public Task<T> OldestAsync() => _underWay.Dequeue();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Task.WhenAll(_underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
