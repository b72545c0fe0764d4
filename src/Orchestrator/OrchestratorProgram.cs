using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Backup;
using VerSemi.Orchestrator.Metrics;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Rebuild;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Startup;

namespace VerSemi.Orchestrator;

/// <summary>The orchestrator as a process of its own; any number of them on one PostgreSQL.</summary>
internal static class OrchestratorProgram
{
    private const int Parallel = 8;

    /// <param name="args">
    /// Settings. Before them, a work that is done once: "rebuild-catalogue" fills an empty database from the blob store; "reconcile" makes a
    /// database and a store agree that were restored to different points; "backup-blobs FOLDER" and "restore-blobs FOLDER" copy the store; "add-token NAME
    /// --role ROLE --expires DURATION" (or --no-expiry) makes a static token, the first one of an administrator for instance, prints it, and ends.
    /// </param>
    public static Task<int> Main(string[] args) => args switch
    {
        ["rebuild-catalogue", .. var settings] => ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, services => PrintAsync(() => CatalogueRebuild.RunAsync(services))),
        ["reconcile", .. var settings] => ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, services => PrintAsync(() => CatalogueReconciliation.RunAsync(services))),
        ["backup-blobs", var folder, .. var settings] => ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, services => PrintAsync(() => BlobBackup.BackUpAsync(services, folder))),
        ["restore-blobs", var folder, .. var settings] => ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, services => PrintAsync(() => BlobBackup.RestoreAsync(services, folder))),
        ["add-token", var name, "--role", var role, TokenLifetime.Expires, var expires, .. var settings] => AddTokenAsync(name, role, expires, noExpiry: false, settings),
        ["add-token", var name, "--role", var role, TokenLifetime.NoExpiry, .. var settings] => AddTokenAsync(name, role, null, noExpiry: true, settings),
        ["add-token", ..] => UsageAsync(),
        _ => ServiceHost.RunAsync("orchestrator", args, Bus, Add, app => app.MapOrchestratorApi().MapDashboard(), settings => !Access(settings).IsOpen),
    };

    private static void Bus(BusBuilder bus) => bus.AddOrchestrator(Parallel);

    private static void Add(WebApplicationBuilder builder, IConfigurationSection settings) =>
        builder.Services.AddOrchestrator(options => settings.GetSection("Orchestrator").Bind(options), settings.GetSection(AccessOptions.Section).Bind).AddStateMetrics();

    private static AccessOptions Access(IConfigurationSection settings)
    {
        var options = new AccessOptions();
        settings.GetSection(AccessOptions.Section).Bind(options);
        return options;
    }

    private static Task<int> AddTokenAsync(string name, string role, string? expires, bool noExpiry, string[] settings) => ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, services => SayAsync(async () =>
    {
        var (known, lifetime) = (Principals.ParseRole(role) ?? throw new DomainException($"'{role}' is not a role: viewer, operator, approver or admin is possible."), TokenLifetime.Parse(expires, noExpiry));
        Console.WriteLine(await FirstToken.AddAsync(services, name, known, lifetime));
    }));

    private static async Task<int> UsageAsync()
    {
        await Console.Error.WriteLineAsync($"add-token NAME --role viewer|operator|approver|admin ({TokenLifetime.Expires} DURATION | {TokenLifetime.NoExpiry}), e.g. {TokenLifetime.Expires} 90d");
        return 2;
    }

    private static Task<int> PrintAsync<T>(Func<Task<T>> work) => SayAsync(async () => Console.WriteLine(JsonSerializer.Serialize(await work(), DomainJson.Readable)));

    private static async Task<int> SayAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception e) when (e is DomainException or DamagedBlobException or BlobNotFoundException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (Causes.Of(e).OfType<DbException>().Any())
        {
            await Console.Error.WriteLineAsync($"The database: {PostgresFailures.Explain(e).Reason}");
            return 1;
        }
    }
}
