using System.CommandLine;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.IntegrationTests.Orchestrator;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Dashboard;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.Benchmarks.Api;

/// <summary>`api`: how long the API takes for what pages ask, with a thousand runs, two hundred models and fifty thousand cases, as Markdown.</summary>
internal static class ApiBenchmark
{
    private const int Times = 200;

    public static Command Create()
    {
        var command = new Command("api", $"Answer times with {ManyRows.Runs} runs, {ManyRows.Models} models and {ManyRows.Cases} cases, on SQLite");
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    private static async Task RunAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var app = Build(folder);
        await app.StartAsync(cancellation);
        await using (var scope = app.Services.CreateAsyncScope())
            await ManyRows.SeedAsync(scope.ServiceProvider.GetRequiredService<OrchestratorDb>(), app.Services.GetRequiredService<IBlobStore>(), folder["aside"], cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        Console.WriteLine($"| question, {Times} times | median | p95 | target |\n|---|---|---|---|");
        await MeasureAsync("the overview page's question, in process", () => OverviewAsync(app.Services, cancellation), "≤ 200 ms");
        await MeasureAsync(http, Routes.Status, "≤ 200 ms", cancellation);
        foreach (var path in new[] { $"{Routes.Runs}?limit=50", Routes.Runs, $"{Routes.Cycles}?limit=50", Routes.Models, Routes.Datasets, $"{Routes.Cases("dataset-00")}?limit=100", Routes.Run("run-0500") })
            await MeasureAsync(http, path, "", cancellation);
        await app.StopAsync(cancellation);
    }

    private static async Task OverviewAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        await OverviewQuery.AskAsync(scope.ServiceProvider, cancellation);
    }

    private static Task MeasureAsync(HttpClient http, string path, string wanted, CancellationToken cancellation) =>
        MeasureAsync($"`{path}`", () => http.GetByteArrayAsync(path, cancellation), wanted);

    private static async Task MeasureAsync(string question, Func<Task> ask, string wanted)
    {
        var times = new List<double>();
        await ask();
        for (var i = 0; i < Times; i++)
        {
            var clock = Stopwatch.StartNew();
            await ask();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        Console.WriteLine(FormattableString.Invariant($"| {question} | {times[Times / 2]:0.0} ms | {times[Times * 95 / 100]:0.0} ms | {wanted} |"));
    }

    private static WebApplication Build(TempFolder folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IBlobStore>(new FolderBlobStore(folder["data"]));
        builder.Services.AddOrchestrator(options => (options.Database.File, options.SingleProcess) = (folder["versemi.db"], true));
        builder.Services.AddMessageBus(bus => bus.AddOrchestrator());
        var app = builder.Build();
        app.MapOrchestratorApi();
        return app;
    }
}
