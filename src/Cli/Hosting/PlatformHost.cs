using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.GpuTrainer.Service;
using VerSemi.Ingest;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Logs;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Cli.Hosting;

/// <summary>What to host, and how.</summary>
/// <param name="Command">Shown to whoever finds the data folder locked.</param>
/// <param name="Workers">False: only what answers questions; nothing is ingested or trained.</param>
/// <param name="Port">0: any free one.</param>
/// <param name="Ingest">True: drops are taken in, and withdrawn cases erased, also without the other workers.</param>
/// <param name="Recipe">A built-in recipe's name or a file, in place of the line's own.</param>
internal sealed record HostPlan(string Command, bool Workers, int Port = 0, string? Recipe = null, LogLevel Log = LogLevel.Warning, bool Ingest = false);

/// <summary>
/// The whole platform in this process: Ingest, GpuTrainer and Orchestrator on one data folder, with an in-memory bus.
/// Settings come from &lt;data&gt;/versemi.json and the environment (VERSEMI__ORCHESTRATOR__SWEEPINTERVAL=00:00:00.2).
/// </summary>
internal sealed class PlatformHost : IAsyncDisposable
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(45);

    private readonly WebApplication _app;
    private readonly DataFolderLock _held;
    private bool _isStarted;

    private PlatformHost(WebApplication app, DataFolderLock held)
    {
        _app = app;
        _held = held;
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>What the commands of this user show; null where the platform asks nobody who they are.</summary>
    public string? Key => _app.Services.GetRequiredService<LocalKey>().Value;

    /// <param name="held">Given back when the host is disposed of.</param>
    public static async Task<PlatformHost> StartAsync(DataFolderLock held, HostPlan plan, CancellationToken cancellation)
    {
        var host = new PlatformHost(Build(held.Folder, plan), held);
        try
        {
            // Before any service is made: one that reads its options early would name its own faults alone.
            host._app.Services.GetService<IStartupValidator>()?.Validate();
            host._isStarted = true;
            await host._app.StartAsync(cancellation);
            var bound = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            host.Address = new Uri(bound);
            // What only answers one question is gone before another command could use it.
            if (plan.Workers)
                Publish(held, bound, host.Key);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static void Publish(DataFolderLock held, string address, string? key)
    {
        if (key is not null)
            held.PublishKey(key);
        held.Publish(address);
    }

    /// <summary>What needs the services of a platform that does not run.</summary>
    public static async Task<T> WithoutStartAsync<T>(DataFolderLock held, HostPlan plan, Func<IServiceProvider, Task<T>> work)
    {
        await using var app = Build(held.Folder, plan);
        return await work(app.Services);
    }

    /// <summary>Ends by <see cref="OperationCanceledException"/> when told to, by <see cref="DomainException"/> when a service gave up.</summary>
    public async Task StoppedByItselfAsync(CancellationToken cancellation)
    {
        await _app.WaitForShutdownAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        throw new DomainException("A service stopped with an error; the log above says which and why.");
    }

    private static WebApplication Build(DataFolder folder, HostPlan plan)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddJsonFile(Path.Combine(folder.Path, "versemi.json"), optional: true).AddEnvironmentVariables();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, plan.Port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeToStop);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        Log(builder.Logging, plan.Log);
        AddServices(builder, folder, plan);
        builder.Services.CutLogs();
        var app = builder.Build();
        app.MapOrchestratorApi().MapDashboard();
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder, DataFolder folder, HostPlan plan)
    {
        var settings = builder.Configuration.GetSection("VerSemi");
        builder.Services.AddSingleton<IBlobStore>(new FolderBlobStore(folder.Path));
        builder.Services.AddDoctor(settings.GetSection("Doctor").Get<DoctorOptions>()).WatchFolder("data", _ => folder.Path);
        builder.Services.AddMessageBus(bus =>
        {
            bus.AddOrchestrator();
            if (plan.Workers || plan.Ingest)
                bus.AddIngest();
            if (plan.Workers)
                bus.AddGpuTrainer().AddSegmentation();
        });
        if (plan.Workers || plan.Ingest)
            AddIngest(builder.Services, folder, settings);
        if (plan.Workers)
            AddTrainer(builder.Services, folder, settings);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<AccessOptions>().IsOpen ? new LocalKey(null) : LocalKey.Fresh());
        builder.Services.AddOrchestrator(options =>
        {
            options.Database.File = folder.Database;
            options.SingleProcess = true;
            options.Heartbeat = TimeSpan.FromSeconds(2);
            settings.GetSection("Orchestrator").Bind(options);
            if (plan.Recipe is { } recipe)
                options.Lines["main"].Recipe = recipe;
        }, settings.GetSection(AccessOptions.Section).Bind);
    }

    /// <summary>Their unfinished files stay in the data folder: the same disk as the finished ones, and nobody else's.</summary>
    private static void AddIngest(IServiceCollection services, DataFolder folder, IConfiguration settings) =>
        services.AddIngest(options =>
        {
            options.WorkFolder = Path.Combine(folder.Path, ".ingest");
            options.RelookWithin = IngestOptions.RelookFolderWithin;
            settings.GetSection("Ingest").Bind(options);
        });

    private static void AddTrainer(IServiceCollection services, DataFolder folder, IConfiguration settings) =>
        services.AddGpuTrainer(options =>
        {
            options.Scratch = Path.Combine(folder.Path, ".trainer");
            settings.GetSection("Trainer").Bind(options);
        }).AddSegmentation();

    private static void Log(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("VerSemi", level)
            // Why a host cannot start, the command says itself, once.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None).AddFilter("MassTransit", LogLevel.Error);
        // Standard output belongs to the command's own answer.
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_isStarted)
                await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        finally
        {
            _held.Dispose();
        }
    }
}
