using System.Net;
using System.Net.Sockets;

namespace VerSemi.DistributedKit.Links;

/// <summary>
/// A TCP proxy between one service and one server on loopback. It passes everything on until it is told to be late, to lose a
/// reply, to swallow what it is sent, or to refuse. What it does depends on commands and counts of bytes alone, not on a clock.
/// </summary>
public sealed class LinkProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly IPEndPoint _address;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<LinkConnection> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;
    private bool _swallows;
    private long _untilLoss = long.MaxValue;
    private int _lost;

    public LinkProxy(int target)
    {
        _target = target;
        _listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync(_listener);
    }

    public int Port => _address.Port;

    /// <summary>Each piece of up to 16 KiB, in both directions, arrives so much later.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many replies were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>How many connections are open, with those that are swallowed.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    /// <summary>
    /// The request that carries the byte after so many more bytes of requests reaches the server. Its reply does not reach
    /// the service: the connection breaks instead. Once.
    /// </summary>
    public void LoseReplyAfter(long bytes)
    {
        lock (_gate)
            _untilLoss = bytes;
    }

    /// <summary>
    /// Half-open: connections that are open now, and those that are opened until <see cref="Pass"/>, stay open and carry nothing more,
    /// in either direction, for as long as they live. Neither side is told, not even of the other's end.
    /// </summary>
    public void Swallow()
    {
        lock (_gate)
        {
            _swallows = true;
            foreach (var connection in _open)
                connection.Swallow();
        }
    }

    /// <summary>Resets every connection; new ones are refused by the kernel, as where no server listens.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            foreach (var connection in _open)
                connection.Reset();
        }
    }

    /// <summary>From now on everything passes; what was swallowed stays so.</summary>
    public void Pass()
    {
        lock (_gate)
        {
            (Delay, _swallows, _untilLoss) = (TimeSpan.Zero, false, long.MaxValue);
            if (_listener is not null)
                return;
            _listener = Listen(_address);
            _ = AcceptAsync(_listener);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Refuse();
    }

    private static Socket Listen(IPEndPoint address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Refused from now on.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = new LinkConnection(this, client, _stop.Token);
        lock (_gate)
        {
            _open.Add(connection);
            if (_swallows)
                connection.Swallow();
        }
        await connection.RunAsync(_target);
        lock (_gate)
            _open.Remove(connection);
    }

    /// <returns>True where the reply to this request is the one to lose.</returns>
    internal bool LosesReplyTo(int requestBytes)
    {
        lock (_gate)
        {
            if (_untilLoss == long.MaxValue)
                return false;
            _untilLoss -= requestBytes;
            if (_untilLoss >= 0)
                return false;
            _untilLoss = long.MaxValue;
            return true;
        }
    }

    internal void CountLoss() => Interlocked.Increment(ref _lost);
}
