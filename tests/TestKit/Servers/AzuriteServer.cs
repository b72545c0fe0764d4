using System.Collections.Concurrent;
using System.Diagnostics;

namespace VerSemi.TestKit.Servers;

/// <summary>
/// Azurite (blobs, queues and tables) on free loopback ports with a folder of its own, which outlives a restart. Its index is
/// written every 5 s and when it is stopped: <see cref="KillAsync"/> may lose what Azure would not.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    /// <summary>The key that every Azurite has; it is in its documentation.</summary>
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _words = new();
    private Process? _process;

    private AzuriteServer(int blobPort, int queuePort, int tablePort) => (BlobPort, QueuePort, TablePort) = (blobPort, queuePort, tablePort);

    /// <summary>The server that another process started and stops.</summary>
    public static AzuriteServer Attach(int blobPort, int queuePort, int tablePort) => new(blobPort, queuePort, tablePort);

    public static async Task<AzuriteServer> StartNewAsync(CancellationToken cancellation = default)
    {
        var server = new AzuriteServer(TestServers.FreePort(), TestServers.FreePort(), TestServers.FreePort());
        try
        {
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public int BlobPort { get; }
    public int QueuePort { get; }
    public int TablePort { get; }
    public int Pid => _process?.Id ?? throw new InvalidOperationException("Azurite does not run, or another process started it.");

    public string ConnectionString => ConnectionStringTo(BlobPort);

    /// <summary>For a client whose blob requests go to another port: that of a proxy.</summary>
    public string ConnectionStringTo(int blobPort) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};"
        + $"QueueEndpoint=http://127.0.0.1:{QueuePort}/{Account};TableEndpoint=http://127.0.0.1:{TablePort}/{Account};";

    /// <summary>Environment of a child process that is to keep its blobs here.</summary>
    public IReadOnlyDictionary<string, string> Environment(string container) => new Dictionary<string, string>
    {
        ["VERSEMI__BLOBS__STORE"] = "azure",
        ["VERSEMI__BLOBS__CONNECTIONSTRING"] = ConnectionString,
        ["VERSEMI__BLOBS__CONTAINER"] = container,
        ["VERSEMI__BLOBS__CACHEFOLDER"] = _folder["cache"],
    };

    /// <summary>On the same ports and the same folder as before.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (_process is not null)
            return;
        var start = new ProcessStartInfo(TestServers.RequireProgram("azurite"),
        [
            "--location", _folder["data"], "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            "--blobHost", "127.0.0.1", "--blobPort", $"{BlobPort}", "--queueHost", "127.0.0.1", "--queuePort", $"{QueuePort}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{TablePort}",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _words.Clear();
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        foreach (var port in new[] { BlobPort, QueuePort })
            await Eventually.TrueAsync($"Azurite answers on port {port}", () => AnswersAsync(port, cancellation), cancellation);
    }

    /// <summary>SIGTERM: it writes its index before it ends.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {Pid}"]))
            await kill.WaitForExitAsync();
        await GoneAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await GoneAsync();
    }

    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopAsync();
        await StartAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task GoneAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private void Hear(object _, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } words)
            _words.Enqueue(words);
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        if (_process is { HasExited: true })
            throw new InvalidOperationException($"Azurite ended with {_process.ExitCode} instead of listening on port {port}: {string.Join('\n', _words)}");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellation);
        return true;
    }
}
