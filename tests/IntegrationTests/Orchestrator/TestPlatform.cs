using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Ingest;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>The orchestrator on a folder and a real SQLite file, its API on a port of its own, the tiny trainer on the same bus.</summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestPlatform(WebApplication app) => _app = app;

    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => _app.Services;
    public IMessageBus Bus => Services.GetRequiredService<IMessageBus>();
    public IBlobStore Blobs => Services.GetRequiredService<IBlobStore>();

    public static async Task<TestPlatform> StartAsync(TempFolder folder, PlatformSetup? setup = null)
    {
        setup ??= new PlatformSetup();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        IBlobStore blobs = new FolderBlobStore(folder["data"]);
        builder.Services.AddSingleton(setup.Mortality is null ? blobs : new MortalBlobs(blobs, setup.Mortality));
        builder.Services.AddSingleton(setup.Script ?? new TrainerScript());
        builder.Services.AddSingleton(setup.Time ?? TimeProvider.System);
        builder.Services.AddOrchestrator(options =>
        {
            options.Database.File = folder["versemi.db"];
            options.SingleProcess = true;
            options.SweepInterval = TimeSpan.FromMilliseconds(50);
            options.QuietWindow = TimeSpan.FromMilliseconds(100);
            options.RetryPause = TimeSpan.FromMilliseconds(100);
            options.Heartbeat = TimeSpan.FromMilliseconds(50);
            options.Lines["main"].Recipe = "demo";
            setup.Configure?.Invoke(options);
        }, setup.Access);
        builder.Services.AddMessageBus(bus => _ = setup.Ingest ? bus.AddOrchestrator().AddIngest() : bus.AddOrchestrator());
        if (setup.Ingest)
            builder.Services.AddIngest(options =>
            {
                (options.SweepInterval, options.SettlePeriod, options.WorkFolder) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), folder["work"]);
                (options.RetryAfter, options.RetryAtMost) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
            });
        if (setup.Mortality is not null)
            builder.Services.ConfigureDbContext<SqliteOrchestratorDb>(options => options.AddInterceptors(new MortalCommands(setup.Mortality)));
        if (setup.Trainer)
            builder.Services.AddHostedService<TinyTrainer>();
        setup.Services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapOrchestratorApi();
        setup.Map?.Invoke(app);
        var platform = new TestPlatform(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
        platform.Http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        return platform;
    }

    public async Task<T> GetAsync<T>(string path) => (await Http.GetFromJsonAsync<T>(path, DomainJson.Canonical))!;

    public async Task<T> PostAsync<T>(string path, object body)
    {
        // "Ask again in a while", says it where the database is busy: on a machine that stood still, even the one process's own is.
        using var answer = await Eventually.GetAsync($"an answer from {path}", async () =>
            await Http.PostAsJsonAsync(path, body, DomainJson.Canonical) is { StatusCode: not HttpStatusCode.ServiceUnavailable } some ? some : null);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>(DomainJson.Canonical))!;
    }

    /// <summary>Waits until the line's cycle with this number is in one of these states.</summary>
    public Task<CycleView> CycleAsync(int number, params string[] states) =>
        Eventually.GetAsync($"cycle {number} {string.Join(" or ", states)}", Eventually.Patience, async () =>
            (await GetAsync<List<CycleView>>(Routes.Cycles)).FirstOrDefault(cycle => cycle.Number == number && (states.Length == 0 ? CycleStates.IsFinal(cycle.State) : states.Contains(cycle.State))),
            TestContext.Current.CancellationToken);

    public Task<List<LedgerView>> LedgerAsync() => GetAsync<List<LedgerView>>(Routes.Ledger);

    public async Task<T> InDatabaseAsync<T>(Func<OrchestratorDb, Task<T>> look)
    {
        await using var scope = Services.CreateAsyncScope();
        return await look(scope.ServiceProvider.GetRequiredService<OrchestratorDb>());
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        using var atMost = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _app.StopAsync(atMost.Token);
        }
        catch (Exception)
        {
            // A dead host may have nothing that can be stopped.
        }
        await _app.DisposeAsync();
    }
}
