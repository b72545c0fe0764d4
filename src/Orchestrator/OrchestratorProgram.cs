using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using VerSemi.Domain;
using VerSemi.Orchestrator.Rebuild;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hosting;

namespace VerSemi.Orchestrator;

/// <summary>The orchestrator as a process of its own; any number of them on one PostgreSQL.</summary>
internal static class OrchestratorProgram
{
    private const int Parallel = 8;

    /// <param name="args">Settings; "rebuild-catalogue" before them fills an empty database from the blob store, and ends.</param>
    public static Task<int> Main(string[] args) => args is ["rebuild-catalogue", .. var settings]
        ? ServiceHost.OnceAsync("orchestrator", settings, Bus, Add, RebuildAsync)
        : ServiceHost.RunAsync("orchestrator", args, Bus, Add, app => app.MapOrchestratorApi().MapDashboard());

    private static void Bus(BusBuilder bus) => bus.AddOrchestrator(Parallel);

    private static void Add(WebApplicationBuilder builder, IConfigurationSection settings) =>
        builder.Services.AddOrchestrator(options => settings.GetSection("Orchestrator").Bind(options));

    private static async Task<int> RebuildAsync(IServiceProvider services)
    {
        try
        {
            Console.WriteLine(JsonSerializer.Serialize(await CatalogueRebuild.RunAsync(services), DomainJson.Readable));
            return 0;
        }
        catch (DomainException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
