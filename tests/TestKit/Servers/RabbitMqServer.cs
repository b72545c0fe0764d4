using System.Diagnostics;
using System.Net.Sockets;

namespace VerSemi.TestKit.Servers;

public sealed record RabbitMqServerOptions
{
    /// <summary>Lines of rabbitmq.conf, such as "consumer_timeout = 60000".</summary>
    public IReadOnlyList<string> Config { get; init; } = [];

    /// <summary>Content of advanced.config, for what rabbitmq.conf has no word for.</summary>
    public string Advanced { get; init; } = "[].";
}

/// <summary>
/// A RabbitMQ broker of the tests' own: a process on loopback ports, with its own node name, data, cookie and port
/// mapper. It starts in seconds, so tests share one and keep apart by virtual hosts. Nothing is left once disposed.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private readonly RabbitMqNode _node;
    private Process? _mapper;
    private Process? _broker;

    private RabbitMqServer(RabbitMqServerOptions options) => _node = new RabbitMqNode(options);

    public string Host { get; } = "127.0.0.1";
    public int Port => _node.Port;
    public string User { get; } = RabbitMqNode.User;
    public string Password { get; } = RabbitMqNode.Password;

    /// <summary>What it said, warnings and worse.</summary>
    public string Log => _node.Log();
    public int Pid => (_broker ?? throw new InvalidOperationException("The broker does not run.")).Id;

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

    /// <summary>A virtual host where <see cref="User"/> may do everything.</summary>
    public async Task AddVirtualHostAsync(string name)
    {
        await CtlAsync("add_vhost", name);
        await CtlAsync("set_permissions", "-p", name, User, ".*", ".*", ".*");
    }

    /// <param name="configure">What the user may declare and delete: a regular expression over names of queues and exchanges.</param>
    /// <param name="write">What the user may send to and bind queues of.</param>
    /// <param name="read">What the user may take from.</param>
    public async Task AddUserAsync(string name, string password, string configure, string write, string read, string virtualHost = "/")
    {
        await CtlAsync("add_user", name, password);
        await CtlAsync("set_permissions", "-p", virtualHost, name, configure, write, read);
    }

    /// <summary>Environment variables that lead a service's process to this broker.</summary>
    public IReadOnlyDictionary<string, string> Settings(string virtualHost = "/") => new Dictionary<string, string>
    {
        ["VERSEMI__BUS__TRANSPORT"] = "rabbitmq",
        ["VERSEMI__BUS__HOST"] = Host,
        ["VERSEMI__BUS__PORT"] = $"{Port}",
        ["VERSEMI__BUS__VIRTUALHOST"] = virtualHost,
        ["VERSEMI__BUS__USER"] = User,
        ["VERSEMI__BUS__PASSWORD"] = Password,
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await KillAsync(_mapper);
        _broker?.Dispose();
        _mapper?.Dispose();
        _node.Dispose();
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
