using System.Net;
using System.Net.Sockets;

namespace VerSemi.DistributedKit.Links;

/// <summary>One connection through a <see cref="LinkProxy"/>.</summary>
internal sealed class LinkConnection(LinkProxy link, Socket service, CancellationToken stop) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile bool _swallowed;
    private volatile bool _losesReply;

    public void Swallow() => _swallowed = true;

    public void Reset()
    {
        service.Close(0);
        _server.Close(0);
    }

    /// <summary>Until it has ended.</summary>
    public async Task RunAsync(int target)
    {
        try
        {
            service.NoDelay = _server.NoDelay = true;
            if (_swallowed)
            {
                await PumpAsync(service, _server, isReply: false);
                return;
            }
            await _server.ConnectAsync(IPAddress.Loopback, target, stop);
            await Task.WhenAny(PumpAsync(service, _server, isReply: false), PumpAsync(_server, service, isReply: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is not there: its service sees the connection break.
        }
        finally
        {
            Reset();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isReply)
    {
        var buffer = new byte[1 << 14];
        try
        {
            while (await from.ReceiveAsync(buffer, stop) is > 0 and var read)
            {
                if (link.Delay is { Ticks: > 0 } delay)
                    await Task.Delay(delay, stop);
                if (_swallowed)
                    continue;
                if (isReply && _losesReply)
                {
                    link.CountLoss();
                    return;
                }
                if (!isReply && link.LosesReplyTo(read))
                    _losesReply = true;
                await SendAllAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken off by either side.
        }
        // The other side of a half-open connection is not told that this one has ended.
        if (_swallowed)
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, stop)..];
    }

    public void Dispose()
    {
        service.Dispose();
        _server.Dispose();
    }
}
