namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>Slows a reader down to a rate, on average since its start.</summary>
internal sealed class Pace(double mibPerSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private double _bytes;

    /// <summary>Returns once so many bytes more are within the rate.</summary>
    public async Task SpendAsync(long bytes, CancellationToken cancellation)
    {
        _bytes += bytes;
        var early = TimeSpan.FromSeconds(_bytes / (mibPerSecond * (1 << 20))) - time.GetElapsedTime(_start);
        if (early > TimeSpan.FromMilliseconds(10))
            await Task.Delay(early, time, cancellation);
    }
}
