using System.Net;
using System.Net.Sockets;

namespace VerSemi.TestKit.Servers;

/// <summary>What happens to a connection when its answers have used up what was allowed.</summary>
public enum AtEnd
{
    Break,

    /// <summary>And no connection is taken any more.</summary>
    BreakAndRefuse,

    /// <summary>Nothing more comes, and nothing says so.</summary>
    Stall,
}

/// <summary>A TCP proxy before a loopback server, which cuts connections in the middle of an answer, or refuses them.</summary>
public sealed class BreakingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Lock _gate = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _answered;
    private long _budget = long.MaxValue;
    private bool _refuses;
    private AtEnd _atEnd;

    public BreakingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that went from the server to clients, headers included.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Ends the connection that carries the byte after so many bytes of answers, once.</summary>
    public void BreakAfter(long bytes, AtEnd atEnd = AtEnd.Break)
    {
        lock (_gate)
            (_budget, _atEnd) = (bytes, atEnd);
    }

    /// <summary>Cuts every connection and takes no other.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _refuses = true;
            foreach (var socket in _open)
                socket.Close(0);
        }
    }

    /// <summary>Each piece of up to 16 KiB, in both directions, arrives so much later; zero: as it comes.</summary>
    public TimeSpan Delay { get; set; }

    public void Allow()
    {
        lock (_gate)
            (_refuses, _budget) = (false, long.MaxValue);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Refuse();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!TryOpen(client, server))
                return;
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var up = PumpAsync(client, server, answers: false);
            await Task.WhenAny(up, PumpAsync(server, client, answers: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(client);
                _open.Remove(server);
            }
            client.Close(0);
            server.Close(0);
        }
    }

    private bool TryOpen(Socket client, Socket server)
    {
        lock (_gate)
        {
            _open.Add(client);
            _open.Add(server);
            return !_refuses;
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[1 << 14];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _stop.Token);
                var allowed = answers ? Allowed(read) : read;
                for (var sent = 0; sent < allowed;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, allowed - sent));
                if (allowed < read)
                {
                    await EndAsync();
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task EndAsync()
    {
        if (_atEnd == AtEnd.BreakAndRefuse)
            Refuse();
        if (_atEnd == AtEnd.Stall)
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
    }

    private int Allowed(int bytes)
    {
        lock (_gate)
        {
            var allowed = (int)Math.Min(bytes, _budget);
            _budget = allowed < bytes ? long.MaxValue : _budget == long.MaxValue ? _budget : _budget - allowed;
            _answered += allowed;
            return allowed;
        }
    }
}
