namespace DurableTask.EntityFramework.Storage;

/// <summary>
/// UTC times that strictly ascend within a process, by whole microseconds (PostgreSQL's precision): the order of the messages
/// that one process writes.
/// </summary>
internal sealed class MessageClock(TimeProvider time)
{
    /// <summary>Due at once, whatever the clocks of sender and database.</summary>
    public static DateTime AtOnce => DateTime.UnixEpoch;

    private long _last;

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    public DateTime Next()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var now = Now.Ticks;
            var next = Math.Max(now - now % TimeSpan.TicksPerMicrosecond, last + TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new DateTime(next, DateTimeKind.Utc);
        }
    }
}
