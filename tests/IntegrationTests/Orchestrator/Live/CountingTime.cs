namespace VerSemi.IntegrationTests.Orchestrator.Live;

/// <summary>The system's time. Counts the waits of one length: a loop that waits so between its passes tells by it how many it has made.</summary>
internal sealed class CountingTime(TimeSpan length) : TimeProvider
{
    private int _waits;

    public int Waits => Volatile.Read(ref _waits);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == length)
            Interlocked.Increment(ref _waits);
        return System.CreateTimer(callback, state, dueTime, period);
    }
}
