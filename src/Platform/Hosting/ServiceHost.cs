using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Files;
using VerSemi.Platform.Logs;
using VerSemi.Platform.Startup;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Platform.Hosting;

/// <summary>
/// A service as a process of its own: settings, logs, probes, bus and blob store, wired once. Settings come from the JSON
/// file that VERSEMI_CONFIG names, the environment (VERSEMI__BUS__HOST=…) and the command line (--VerSemi:Bus:Host=…).
/// </summary>
public static class ServiceHost
{
    /// <summary>What a probe of the readiness looks at.</summary>
    public const string Ready = "ready";

    /// <param name="args">
    /// Settings; with --probe among them no service is started, but the running one is asked whether it is ready; "doctor"
    /// before them looks at all that the service needs, says what is wrong, and ends.
    /// </param>
    /// <param name="bus">What this service puts on the bus.</param>
    /// <param name="add">Its own services; the section is "VerSemi".</param>
    /// <param name="map">What it offers.</param>
    /// <param name="authenticates">Whether, by its section, it asks its callers who they are; null: it cannot, and so is offered on loopback alone.</param>
    /// <returns>An exit code: 0 stopped in order, or ready; 1 faulty settings, a server that refuses, a service that gave up, or is not ready.</returns>
    public static Task<int> RunAsync(
        string service, string[] args, Action<BusBuilder> bus, Action<WebApplicationBuilder, IConfigurationSection> add, Action<WebApplication>? map = null,
        Func<IConfigurationSection, bool>? authenticates = null) =>
        args is ["doctor", .. var settings] ? OnceAsync(service, settings, bus, add, Examination.PrintAsync) : SayFaultsAsync(async () =>
        {
            if (args.Contains(ReadinessProbe.Argument))
                return await ProbeAsync([.. args.Where(arg => arg != ReadinessProbe.Argument)], authenticates);
            await using var app = Build(service, args, bus, add, map, authenticates);
            // Before any service is made: one that reads its options early would name its own faults alone.
            app.Services.GetService<IStartupValidator>()?.Validate();
            await RunAsync(app);
            return Environment.ExitCode;
        });

    /// <summary>Milliseconds.</summary>
    private const int LongestFlush = 5000;

    private static async Task RunAsync(WebApplication app)
    {
        await using var management = app.Services.GetRequiredService<ServiceOptions>().Management is { } address ? ManagementServer.Build(app, address) : null;
        try
        {
            if (management is not null)
                await management.StartAsync();
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            // Before anything is disposed of: meters may be gone before the provider that would send their last figures.
            app.Services.GetService<MeterProvider>()?.ForceFlush(LongestFlush);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it waited for its servers.
        }
    }

    /// <summary>One work with the services of a process, of which none is started.</summary>
    /// <returns>The work's exit code; 1 for faulty settings.</returns>
    public static Task<int> OnceAsync(
        string service, string[] args, Action<BusBuilder> bus, Action<WebApplicationBuilder, IConfigurationSection> add, Func<IServiceProvider, Task<int>> work) =>
        SayFaultsAsync(async () =>
        {
            // Nobody can come in, since it does not listen: who may is of no matter.
            await using var app = Build(service, args, bus, add, map: null, authenticates: _ => true);
            return await work(app.Services);
        });

    private static async Task<int> SayFaultsAsync(Func<Task<int>> run)
    {
        PrivateFiles.ByDefault();
        try
        {
            return await run();
        }
        catch (Exception e) when (Faults(e) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, faults));
            return 1;
        }
        catch (StartFailedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static Task<int> ProbeAsync(string[] args, Func<IConfigurationSection, bool>? authenticates)
    {
        var configuration = new ConfigurationBuilder();
        Configure(configuration, args);
        return ReadinessProbe.RunAsync(ReadOwn(configuration.Build().GetSection("VerSemi"), authenticates), Console.Out);
    }

    private static void Configure(IConfigurationBuilder configuration, string[] args)
    {
        if (Environment.GetEnvironmentVariable("VERSEMI_CONFIG") is { Length: > 0 } file)
            configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        configuration.AddEnvironmentVariables().AddCommandLine(args);
    }

    private static WebApplication Build(string service, string[] args, Action<BusBuilder> bus, Action<WebApplicationBuilder, IConfigurationSection> add, Action<WebApplication>? map,
        Func<IConfigurationSection, bool>? authenticates)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder.Configuration, args);
        var settings = builder.Configuration.GetSection("VerSemi");
        var own = ReadOwn(settings, authenticates);
        var telemetry = Read<TelemetryOptions>(settings.GetSection("Telemetry"), options => options.Errors());
        var busOptions = Read<BusOptions>(settings.GetSection("Bus"), options => options.Errors());
        var blobs = Read<BlobOptions>(settings.GetSection("Blobs"), options => options.Errors());

        Log(builder.Logging, own);
        Listen(builder.WebHost, own);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = own.TimeToStop);
        builder.Services.AddTelemetry(service, telemetry, scraped: own.Management is not null);
        builder.Services.AddBlobStore(blobs).WatchFolder("blobs", _ => blobs.Store == BlobOptions.FolderStore ? blobs.Folder : blobs.CacheFolder);
        builder.Services.AddHostedService<DiskMetrics>().AddDoctor(Read<DoctorOptions>(settings.GetSection("Doctor"), options => options.Errors()));
        busOptions.Service = service;
        builder.Services.AddMessageBus(busOptions, bus);
        builder.Services.AddSingleton(own).AddSingleton(new StartOptions { RefusedFor = own.RefusedFor }).AddStartRequirements().AddSingleton<ServiceHealth>();
        builder.Services.AddHealthChecks().AddCheck<ServiceHealth>(ServiceHealth.Name).AddCheck<BusHealthCheck>("bus", tags: [Ready]);
        add(builder, settings);
        builder.Services.CutLogs();

        var app = builder.Build();
        map?.Invoke(app);
        ForwardedRequests.UseOn(app, authenticates?.Invoke(settings) is not true, settings.GetSection("Access:Proxies").Get<string[]>() ?? [],
            (context, reason) => Results.Problem(reason, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context));
        return app;
    }

    private static ServiceOptions ReadOwn(IConfigurationSection settings, Func<IConfigurationSection, bool>? authenticates) =>
        Read<ServiceOptions>(settings.GetSection("Service"), options => options.Errors(authenticates?.Invoke(settings)));

    private static T Read<T>(IConfigurationSection section, Func<T, IEnumerable<string>> errors) where T : class, new()
    {
        var options = section.Get<T>() ?? new T();
        return errors(options).ToList() is { Count: > 0 } faults ? throw new OptionsValidationException(typeof(T).Name, typeof(T), faults) : options;
    }

    internal static void Log(ILoggingBuilder logging, ServiceOptions options)
    {
        logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("VerSemi", LogLevel.Information).AddFilter("MassTransit", LogLevel.Error);
        // Its scope puts the request's path, in which a case's name may stand, into every line of the request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // The answer to a probe says it, and a probe comes every few seconds.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.Configure(tracking => tracking.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (options.LogFormat == "json")
            logging.AddJsonConsole(json => (json.IncludeScopes, json.UseUtcTimestamp, json.TimestampFormat) = (true, true, "O"));
        else
            logging.AddSimpleConsole(simple => (simple.SingleLine, simple.TimestampFormat) = (true, "HH:mm:ss "));
    }

    private static void Listen(ConfigureWebHostBuilder web, ServiceOptions options)
    {
        if (options.Url.Length > 0)
            web.UseUrls(options.Url);
        else
            web.UseServer(new NoServer());
    }

    private static List<string> Faults(Exception e) =>
        [.. (e is AggregateException several ? several.InnerExceptions : [e]).OfType<OptionsValidationException>().SelectMany(one => one.Failures)];
}
