using System.Net;
using System.Net.Sockets;
using VerSemi.DistributedKit.Links;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Links;

/// <summary>The proxy of the fault harness, before a server that answers each byte with its double.</summary>
public sealed class LinkProxyTests : IAsyncLifetime
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly List<byte> _applied = [];
    private LinkProxy _link = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _ = ServeAsync();
        _link = new LinkProxy(((IPEndPoint)_server.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _server.Stop();
    }

    [Fact]
    public async Task Requests_and_replies_pass()
    {
        using var client = await ConnectAsync();

        Assert.Equal(14, await AskAsync(client, 7));
        Assert.Equal(16, await AskAsync(client, 8));
    }

    [Fact]
    public async Task Of_a_lost_reply_the_request_was_applied_and_the_connection_breaks_once()
    {
        using var client = await ConnectAsync();
        _link.LoseReplyAfter(1);

        Assert.Equal(2, await AskAsync(client, 1));
        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(client, 2));

        Assert.Equal([1, 2], _applied);
        Assert.Equal(1, _link.Lost);
        using var next = await ConnectAsync();
        Assert.Equal(6, await AskAsync(next, 3));
    }

    [Fact]
    public async Task A_half_open_connection_stays_open_and_carries_nothing_also_after_others_pass_again()
    {
        using var before = await ConnectAsync();
        Assert.Equal(2, await AskAsync(before, 1));
        _link.Swallow();
        using var during = await ConnectAsync();
        var (first, second) = (AskAsync(before, 2), AskAsync(during, 3));
        _link.Pass();
        using var after = await ConnectAsync();

        Assert.Equal(8, await AskAsync(after, 4));
        Assert.Equal([1, 4], _applied);
        Assert.False(first.IsCompleted || second.IsCompleted);
        before.Close();
        await Eventually.TrueAsync("the server of a half-open connection is not told of its end", () => Task.FromResult(_link.Connections == 3), Cancellation);
    }

    [Fact]
    public async Task A_refused_link_resets_its_connections_and_takes_none_until_it_passes_again()
    {
        using var client = await ConnectAsync();
        Assert.Equal(2, await AskAsync(client, 1));
        _link.Refuse();

        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(client, 2));
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(ConnectAsync)).SocketErrorCode);

        _link.Pass();
        using var next = await ConnectAsync();
        Assert.Equal(6, await AskAsync(next, 3));
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _link.Port, Cancellation);
        return client;
    }

    private static async Task<byte> AskAsync(TcpClient client, byte question)
    {
        var answer = new byte[1];
        await client.GetStream().WriteAsync(new[] { question }, Cancellation);
        await client.GetStream().ReadExactlyAsync(answer, Cancellation);
        return answer[0];
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _server.AcceptTcpClientAsync(Cancellation));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var served = client;
        var question = new byte[1];
        try
        {
            while (await served.GetStream().ReadAsync(question, Cancellation) == 1)
            {
                lock (_applied)
                    _applied.Add(question[0]);
                await served.GetStream().WriteAsync(new[] { (byte)(2 * question[0]) }, Cancellation);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Broken off.
        }
    }
}
