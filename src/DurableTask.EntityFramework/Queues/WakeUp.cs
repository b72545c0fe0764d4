namespace DurableTask.EntityFramework.Queues;

/// <summary>Ends the wait of one loop of this process early. Notifications while it does not wait are kept as one.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    public void Notify()
    {
        try
        {
            _semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // One is kept already.
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _semaphore.WaitAsync(atMost, cancellation);

    public void Dispose() => _semaphore.Dispose();
}
