using System.Diagnostics;
using System.Net.Sockets;

namespace VerSemi.TestKit.Servers;

public sealed record RabbitMqServerOptions
{
    /// <summary>Lines of rabbitmq.conf, such as "consumer_timeout = 60000".</summary>
    public IReadOnlyList<string> Config { get; init; } = [];

    /// <summary>Content of advanced.config, for what rabbitmq.conf has no word for.</summary>
    public string Advanced { get; init; } = "[].";

    /// <summary>Virtual hosts that are there from the start, besides "/": one for each fixture that will ask.</summary>
    public int VirtualHosts { get; init; }
}

/// <summary>
/// A RabbitMQ broker of the tests' own: a process on loopback ports, with its own node name, data, cookie and port
/// mapper. Nothing is left once disposed. Tests that do not break it share one (<see cref="SharedServers"/>).
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private readonly RabbitMqNode _node;
    private readonly TempFolder? _folder;
    private Process? _mapper;
    private Process? _broker;

    private RabbitMqServer(RabbitMqServerOptions options)
    {
        _folder = new TempFolder();
        _node = RabbitMqNode.Create(_folder.Path, options);
    }

    private RabbitMqServer(RabbitMqNodeAddress address) => _node = new RabbitMqNode(address);

    /// <summary>The broker that another process started and stops.</summary>
    public static RabbitMqServer Attach(RabbitMqNodeAddress address) => new(address);

    public RabbitMqNodeAddress Address => _node.Address;
    public string Host { get; } = "127.0.0.1";
    public int Port => Address.Port;
    public string User { get; } = RabbitMqNode.User;
    public string Password { get; } = RabbitMqNode.Password;

    /// <summary>What it said, warnings and worse.</summary>
    public string Log => _node.Log();
    public int Pid => (_broker ?? throw new InvalidOperationException("The broker does not run, or another process started it.")).Id;

    /// <summary>A broker that answers. <see cref="ServerMissingException"/> where none is installed.</summary>
    public static async Task<RabbitMqServer> StartAsync(RabbitMqServerOptions? options = null, CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new RabbitMqServer(options ?? new RabbitMqServerOptions());
            try
            {
                await server.StartAsync(cancellation);
                return server;
            }
            catch (Exception e)
            {
                await server.DisposeAsync();
                if (e is not InvalidOperationException || attempt == Attempts)
                    throw;
            }
        }
    }

    /// <summary>Starts the stopped or killed broker again, on the same port and data.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        _mapper ??= Process.Start(_node.Mapper());
        _broker = Process.Start(_node.Broker())!;
        await Eventually.TrueAsync("the broker answers", async () =>
            _broker.HasExited ? throw new InvalidOperationException($"The broker exited with {_broker.ExitCode}: {_node.Log()}") : await AnswersAsync(cancellation), cancellation);
    }

    public async Task StopAsync()
    {
        if (_broker is not { HasExited: false } broker)
            return;
        await TestServers.SignalAsync(broker, "TERM");
        using var late = new CancellationTokenSource(StopWithin);
        await broker.WaitForExitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await KillAsync();
    }

    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopAsync();
        await StartAsync(cancellation);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => KillAsync(_broker);

    /// <summary>rabbitmqctl; about two seconds a call.</summary>
    public Task<string> CtlAsync(params IEnumerable<string> arguments) => TestServers.RunAsync(_node.Ctl(arguments));

    /// <summary>The virtual host that every broker has.</summary>
    public RabbitMqVirtualHost Root => new(this, "/");

    /// <summary>A virtual host that no other test uses.</summary>
    public async Task<RabbitMqVirtualHost> TakeVirtualHostAsync()
    {
        if (VirtualHostPool.Take(_node[VirtualHostPool.Folder], Address.VirtualHosts) is { } prepared)
            return new RabbitMqVirtualHost(this, prepared);
        var name = $"t{Guid.NewGuid():N}";
        await CtlAsync("add_vhost", name);
        await CtlAsync("set_permissions", "-p", name, User, ".*", ".*", ".*");
        return new RabbitMqVirtualHost(this, name);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await KillAsync(_mapper);
        _broker?.Dispose();
        _mapper?.Dispose();
        _folder?.Dispose();
    }

    private static async Task KillAsync(Process? process)
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>An open port is not yet a broker: it must answer the protocol's greeting.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Host, Port, cancellation);
            await client.GetStream().WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), cancellation);
            return await client.GetStream().ReadAsync(new byte[1], cancellation) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
