using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VerSemi.Orchestrator.Live;

/// <summary>One who follows. Events wait in a channel; where it is full, they are left out and the follower is told so: nobody waits for him.</summary>
/// <param name="start">The newest timeline row when he came.</param>
internal sealed class Follower(long start, int waiting)
{
    private readonly Channel<LiveEvent> _waiting = Channel.CreateBounded<LiveEvent>(
        new BoundedChannelOptions(waiting) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Lock _gate = new();
    private LiveEvent? _leftOut;

    public long Start => start;

    /// <summary>Called by one at a time.</summary>
    public void Tell(LiveEvent happened)
    {
        lock (_gate)
            if (_leftOut is not null || !_waiting.Writer.TryWrite(happened))
                _leftOut = happened;
    }

    public void End(Exception? why = null) => _waiting.Writer.TryComplete(why);

    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellation))
        {
            while (_waiting.Reader.TryRead(out var happened))
                yield return happened;
            if (TakeLeftOut() is { } last)
                yield return new LiveEvent(last.Id, LiveEvent.Reload, "", null, last.At, Detail: "More happened than this stream could take: read the state anew.");
        }
    }

    /// <summary>What is told from now on is kept again.</summary>
    private LiveEvent? TakeLeftOut()
    {
        lock (_gate)
        {
            // What came after the last read is older than what was left out: it is read first.
            if (_leftOut is null || _waiting.Reader.Count > 0)
                return null;
            (var last, _leftOut) = (_leftOut, null);
            return last;
        }
    }
}
