namespace VerSemi.IntegrationTests.Orchestrator.Live;

/// <summary>
/// The system's timers, but no time passes between two timestamps, so that no patience ends however slow the machine is.
/// Counts the waits of one length: a loop that waits so between its passes tells by it how many it has made.
/// </summary>
internal sealed class CountingTime(TimeSpan length) : TimeProvider
{
    private int _waits;

    public int Waits => Volatile.Read(ref _waits);

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == length)
            Interlocked.Increment(ref _waits);
        return System.CreateTimer(callback, state, dueTime, period);
    }
}
