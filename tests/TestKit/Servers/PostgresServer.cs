using System.Diagnostics;
using System.Net.Sockets;

namespace VerSemi.TestKit.Servers;

/// <summary>A PostgreSQL of the tests' own: throw-away data, a free loopback port. Disposing kills it and deletes its files.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "versemi";
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private readonly TempFolder? _folder;
    private readonly bool _durable;
    private Process? _process;
    private string _said = "";

    private PostgresServer(bool durable) => (_folder, _durable, Port) = (new TempFolder(), durable, TestServers.FreePort());

    private PostgresServer(int port) => Port = port;

    /// <summary>The server that another process started and stops.</summary>
    public static PostgresServer Attach(int port) => new(port);

    public int Port { get; }

    /// <param name="durable">True where the test kills the server: every commit reaches the disk.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false, CancellationToken cancellation = default)
    {
        var initdb = TestServers.RequireProgram("initdb", Binaries);
        var server = new PostgresServer(durable);
        try
        {
            await server.InitialiseAsync(initdb, cancellation);
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Timeout=5;Command Timeout=30;Maximum Pool Size=40";

    /// <summary>A fresh database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string? name = null, CancellationToken cancellation = default)
    {
        name ??= $"t{Guid.NewGuid():N}";
        await RunAsync(TestServers.RequireProgram("createdb", Binaries), ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User, name], cancellation);
        return ConnectionString(name);
    }

    /// <summary>What a child process needs to know.</summary>
    public static Dictionary<string, string> SettingsOf(string connectionString) => new()
    {
        ["VERSEMI__ORCHESTRATOR__DATABASE__ENGINE"] = "postgres",
        ["VERSEMI__ORCHESTRATOR__DATABASE__CONNECTIONSTRING"] = connectionString,
    };

    /// <summary>On the data that is there.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        string[] options =
        [
            "-D", Data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "", "-c", "max_connections=600", "-c", "shared_buffers=64MB", "-c", "log_min_messages=error",
            .. _durable ? Array.Empty<string>() : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        ];
        _process = Process.Start(StartOf(TestServers.RequireProgram("postgres", Binaries), options))!;
        // Read, or the server would stand still once the pipe is full.
        _process.ErrorDataReceived += (_, line) => _said = line.Data ?? _said;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync($"PostgreSQL answers on port {Port}", () => AnswersAsync(cancellation), cancellation);
    }

    /// <summary>On the data that is there, as a standby that takes no connections: it says what a server says that is still starting (57P03), until it is stopped.</summary>
    public async Task StartRejectingAsync(CancellationToken cancellation = default)
    {
        var standby = Path.Combine(Data, "standby.signal");
        await File.WriteAllTextAsync(standby, "", cancellation);
        string[] options = ["-D", Data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "", "-c", "hot_standby=off", "-c", "log_min_messages=error"];
        _process = Process.Start(StartOf(TestServers.RequireProgram("postgres", Binaries), options))!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync($"PostgreSQL rejects connections on port {Port}", () => RejectsAsync(cancellation), cancellation);
        File.Delete(standby);
    }

    /// <summary>SIGKILL to the whole server.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGINT: running statements are broken off, nothing committed is lost.</summary>
    public async Task StopAsync()
    {
        await TestServers.SignalAsync(_process!, "INT");
        await _process!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        _folder?.Dispose();
    }

    private string Data => _folder!["data"];

    private async Task InitialiseAsync(string initdb, CancellationToken cancellation)
    {
        if (IsRoot)
            await RunAsync("/bin/chown", ["postgres", _folder!.Path], cancellation, asServer: false);
        await RunAsync(initdb, ["-D", Data, "-U", User, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"], cancellation);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended with {_process.ExitCode}: {_said}");
        try
        {
            await RunAsync(TestServers.RequireProgram("pg_isready", Binaries), ["-h", "127.0.0.1", "-p", $"{Port}", "-q"], cancellation);
            return true;
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException && !_process.HasExited)
        {
            return false;
        }
    }

    /// <summary>pg_isready exits with 1 where the server answers and rejects, with 2 where nothing answers.</summary>
    private async Task<bool> RejectsAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync(TestServers.RequireProgram("pg_isready", Binaries), ["-h", "127.0.0.1", "-p", $"{Port}", "-q"], cancellation);
            return false;
        }
        catch (InvalidOperationException e)
        {
            return e.Message.Contains("exited with 1", StringComparison.Ordinal);
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation, bool asServer = true) =>
        await TestServers.RunAsync(StartOf(program, arguments, asServer), cancellation);

    /// <summary>PostgreSQL does not run as root.</summary>
    private static ProcessStartInfo StartOf(string program, string[] arguments, bool asServer = true)
    {
        var (file, all) = IsRoot && asServer
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : (program, arguments);
        return new ProcessStartInfo(file, all) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/" };
    }
}
