using System.Text.Json.Nodes;

namespace VerSemi.TestKit;

/// <summary>`versemi up` on a data folder, as a process, with everything that waits made short.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    /// <summary>Tiny trainings cannot reach a Dice worth having: these tests are about the way, not the figures.</summary>
    public static IReadOnlyDictionary<string, string> Quick { get; } = new Dictionary<string, string>
    {
        ["VERSEMI__INGEST__SWEEPINTERVAL"] = "00:00:00.1",
        ["VERSEMI__INGEST__SETTLEPERIOD"] = "00:00:00",
        ["VERSEMI__INGEST__RETRYAFTER"] = "00:00:00.2",
        ["VERSEMI__ORCHESTRATOR__SWEEPINTERVAL"] = "00:00:00.1",
        ["VERSEMI__ORCHESTRATOR__QUIETWINDOW"] = "00:00:00.3",
        ["VERSEMI__ORCHESTRATOR__HEARTBEAT"] = "00:00:00.2",
        ["VERSEMI__ORCHESTRATOR__RETRYPAUSE"] = "00:00:00.1",
        ["VERSEMI__ORCHESTRATOR__PROMOTION__FLOOR"] = "0",
        ["VERSEMI__ORCHESTRATOR__PROMOTION__MARGIN"] = "1",
        ["VERSEMI__ORCHESTRATOR__PROMOTION__MINIMUMCASES"] = "2",
        // Tensors of 16³: a second thread costs more than it does.
        ["VERSEMI__TRAINER__THREADS"] = "1",
    };

    private readonly HttpClient _http;

    private RunningPlatform(VersemiProcess process, string address)
    {
        Process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(20) };
    }

    public VersemiProcess Process { get; }
    public string Address { get; }

    /// <param name="settings">Besides, or in place of, <see cref="Quick"/>.</param>
    public static async Task<RunningPlatform> StartAsync(string data, string recipe, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = new Dictionary<string, string>(Quick);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            environment[name] = value;
        var process = VersemiProcess.Start(["up", "--data", data, "--recipe", recipe, "--port", "0"], environment);
        try
        {
            var address = await Eventually.GetAsync($"`versemi up` serves {data}", () =>
                process.HasExited ? throw new InvalidOperationException($"`versemi up` ended: {process.Output}{process.Errors}") : Task.FromResult(AddressOf(data, process.Id)), cancellation);
            return new RunningPlatform(process, address);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) =>
        JsonNode.Parse(await _http.GetStringAsync($"/api/v1/{path}", cancellation))!;

    /// <summary>The state of the line's newest cycle and its number; "" and 0 before the first.</summary>
    public async Task<(string State, int Number, string? Reason)> CycleAsync(CancellationToken cancellation)
    {
        var cycle = (await GetAsync("status", cancellation))["lines"]![0]!["cycle"];
        return cycle is null ? ("", 0, null) : (cycle["state"]!.GetValue<string>(), cycle["number"]!.GetValue<int>(), cycle["reason"]?.GetValue<string>());
    }

    public Task CompletesAsync(int cycle, TimeSpan within, CancellationToken cancellation) => Eventually.TrueAsync($"cycle {cycle} completes", within, async () =>
    {
        var (state, number, reason) = await CycleAsync(cancellation);
        if (number == cycle && state is "Rejected" or "Failed" or "Cancelled" or "AwaitingApproval")
            throw new InvalidOperationException($"Cycle {number} is {state}: {reason}\n{Process.Errors}");
        return number == cycle && state == "Completed";
    }, cancellation);

    private static string? AddressOf(string data, int process)
    {
        var file = Path.Combine(data, "up.json");
        if (!File.Exists(file))
            return null;
        var up = JsonNode.Parse(File.ReadAllText(file))!;
        return up["pid"]!.GetValue<int>() == process ? up["address"]?.GetValue<string>() : null;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }
}
