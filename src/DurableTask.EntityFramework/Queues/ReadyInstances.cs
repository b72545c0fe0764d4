using System.Threading.Channels;

namespace DurableTask.EntityFramework.Queues;

/// <summary>Instances with due messages, each handed out once until it is done. A wake-up in between counts after that.</summary>
internal sealed class ReadyInstances
{
    private enum State
    {
        Queued,
        Running,
        RunningAndWoken,
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, State> _states = [];
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();

    public void Wake(string id)
    {
        lock (_lock)
            if (!_states.TryGetValue(id, out var state))
                Queue(id);
            else if (state == State.Running)
                _states[id] = State.RunningAndWoken;
    }

    public async Task<string> NextAsync(CancellationToken cancellation)
    {
        var id = await _queue.Reader.ReadAsync(cancellation);
        lock (_lock)
            _states[id] = State.Running;
        return id;
    }

    public void Done(string id)
    {
        lock (_lock)
            if (_states.Remove(id, out var state) && state == State.RunningAndWoken)
                Queue(id);
    }

    public void DoneAndAgain(string id)
    {
        lock (_lock)
            Queue(id);
    }

    private void Queue(string id)
    {
        _states[id] = State.Queued;
        _queue.Writer.TryWrite(id);
    }
}
