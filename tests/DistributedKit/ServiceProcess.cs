using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit;

/// <summary>A service's process with its probes and, for the orchestrator, its API.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    public const string LiveProbe = "/healthz/live";
    public const string ReadyProbe = "/healthz/ready";

    private readonly IProgram _process;
    private readonly HttpClient _probes;

    /// <param name="start">How its program is started; null: as a process.</param>
    public ServiceProcess(string project, IReadOnlyList<string> arguments, Dictionary<string, string> environment, ProgramStart? start = null)
    {
        Project = project;
        var (offered, management) = (TestServers.FreePort(), TestServers.FreePort());
        if (project != "GpuTrainer")
            environment.TryAdd("VERSEMI__SERVICE__URL", $"http://127.0.0.1:{offered}");
        environment["VERSEMI__SERVICE__MANAGEMENTURL"] = $"http://127.0.0.1:{management}";
        Url = new Uri($"http://127.0.0.1:{offered}");
        Management = new Uri($"http://127.0.0.1:{management}");
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        _probes = new HttpClient { BaseAddress = Management, Timeout = TimeSpan.FromSeconds(10) };
        _process = start is null ? VersemiProcess.Start(arguments, environment, project) : start(project, arguments, environment);
    }

    public string Project { get; }
    public Uri Url { get; }

    /// <summary>Where its probes and metrics are.</summary>
    public Uri Management { get; }
    public HttpClient Http { get; }
    public int Pid => _process.Id;
    public bool IsRunning => !_process.HasExited;

    /// <summary>What it logged.</summary>
    public string Log => _process.Output + _process.Errors;

    public Task KillAsync() => _process.KillAsync();

    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    public Task<int> WaitAsync(CancellationToken cancellation = default) => _process.WaitAsync(cancellation);

    /// <exception cref="InvalidOperationException">It ended.</exception>
    public Task<bool> IsReadyAsync(CancellationToken cancellation = default) =>
        IsRunning ? ProbeAsync(ReadyProbe, cancellation) : throw new InvalidOperationException($"{Project} ended: {Log}");

    /// <summary>False also where nobody answers.</summary>
    public async Task<bool> ProbeAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await _probes.GetAsync(path, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public Task ReadyAsync(TimeSpan within, CancellationToken cancellation = default) =>
        Eventually.TrueAsync($"{Project} is ready", within, () => IsReadyAsync(cancellation), cancellation);

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation = default) =>
        (await Http.GetFromJsonAsync<T>(path, DomainJson.Canonical, cancellation))!;

    public async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation = default)
    {
        using var answer = await Http.PostAsJsonAsync(path, body, DomainJson.Canonical, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        return (await answer.Content.ReadFromJsonAsync<T>(DomainJson.Canonical, cancellation))!;
    }

    /// <summary>A folder becomes a drop, file by file through the API, and is marked as whole.</summary>
    public async Task DropAsync(string folder, string? name = null, CancellationToken cancellation = default)
    {
        name ??= Path.GetFileName(folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using var content = File.OpenRead(file);
            using var answer = await Http.PutAsync($"/api/v1/drops/{name}/files/{Path.GetRelativePath(folder, file)}", new StreamContent(content), cancellation);
            answer.EnsureSuccessStatusCode();
        }
        using var complete = await Http.PostAsync($"/api/v1/drops/{name}/complete", null, cancellation);
        complete.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Http.Dispose();
        _probes.Dispose();
    }
}
