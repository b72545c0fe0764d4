using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VerSemi.TestKit.Servers;

/// <summary>A Prometheus of the tests' own on a free loopback port, with data that goes with it. It scrapes every second whom it is told of.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Config = """
        global: {scrape_interval: 1s}
        scrape_configs:
          - job_name: versemi
            file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]
        """;

    private readonly TempFolder _folder = new();
    private readonly JsonArray _targets = [];
    private readonly HttpClient _http;
    private Process? _process;

    private PrometheusServer()
    {
        Url = new Uri($"http://127.0.0.1:{TestServers.FreePort()}");
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Url { get; }

    /// <summary>Whether one is installed; a test that must have it starts it, and is told what is missing.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "prometheus")));

    /// <summary><see cref="ServerMissingException"/> where none is installed.</summary>
    public static async Task<PrometheusServer> StartAsync(CancellationToken cancellation = default)
    {
        var program = TestServers.RequireProgram("prometheus");
        var server = new PrometheusServer();
        File.WriteAllText(server._folder["prometheus.yml"], Config);
        server.WriteTargets();
        server._process = Process.Start(new ProcessStartInfo(program,
        [
            $"--config.file={server._folder["prometheus.yml"]}", $"--storage.tsdb.path={server._folder["data"]}", $"--web.listen-address={server.Url.Authority}", "--log.level=error",
        ]))!;
        await Eventually.TrueAsync("Prometheus is ready", () => server.IsReadyAsync(cancellation), cancellation);
        return server;
    }

    /// <param name="job">As the label "job" has it.</param>
    public void Scrape(string job, Uri address)
    {
        lock (_targets)
        {
            _targets.Add(new JsonObject { ["targets"] = new JsonArray(address.Authority), ["labels"] = new JsonObject { ["job"] = job } });
            WriteTargets();
        }
    }

    /// <summary>The series of an instant query; empty where there are none. <see cref="InvalidOperationException"/> where the expression is none.</summary>
    public async Task<IReadOnlyList<PrometheusSeries>> QueryAsync(string expression, CancellationToken cancellation = default) =>
        [.. from series in (await AskAsync($"query?query={Uri.EscapeDataString(expression)}", cancellation))!["result"]!.AsArray()
            select new PrometheusSeries(LabelsOf(series!["metric"]!), double.Parse(series["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture))];

    /// <summary>Labels of every series that there ever was, of a selector.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> SeriesAsync(string selector, CancellationToken cancellation = default) =>
        [.. (await AskAsync($"series?match[]={Uri.EscapeDataString(selector)}", cancellation))!.AsArray().Select(labels => LabelsOf(labels!))];

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _http.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, string> LabelsOf(JsonNode metric) => metric.Deserialize<Dictionary<string, string>>()!;

    private async Task<JsonNode?> AskAsync(string question, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(new Uri($"/api/v1/{question}", UriKind.Relative), cancellation);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!;
        return answer.IsSuccessStatusCode ? body["data"] : throw new InvalidOperationException($"{question}: {body["error"]}");
    }

    private void WriteTargets()
    {
        // In one step: Prometheus reads when it likes.
        File.WriteAllText(_folder["targets.new"], _targets.ToJsonString());
        File.Move(_folder["targets.new"], _folder["targets.json"], overwrite: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (_process is { HasExited: true } process)
            throw new InvalidOperationException($"Prometheus ended with {process.ExitCode} instead of listening on {Url}.");
        try
        {
            using var answer = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <param name="Labels">With __name__.</param>
public sealed record PrometheusSeries(IReadOnlyDictionary<string, string> Labels, double Value);
