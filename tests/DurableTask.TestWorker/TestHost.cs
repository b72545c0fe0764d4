using DurableTask.Core;
using DurableTask.EntityFramework;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DurableTask.TestWorker;

/// <summary>A worker and a client of a store, in one host.</summary>
public static class TestHost
{
    /// <param name="store">sqlite:FILE, postgres:CONNECTION or azure:HUB:CONNECTION.</param>
    /// <param name="configure">For SQLite and PostgreSQL.</param>
    public static IHost Build(string store, Action<EntityFrameworkOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        // Nothing is read from files or the environment.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        services?.Invoke(builder.Services);
        var (kind, where) = Parse(store);
        if (kind == "azure")
        {
            builder.Services.AddAzureStorage(where);
            builder.Services.AddDurableTaskWorker(worker => worker.AddTasks(TestFlows.Register).UseOrchestrationService());
        }
        else
        {
            builder.Services.AddDatabase(kind, where).AddDurableTaskClient(client => client.UseEntityFramework<WorkflowDb>());
            builder.Services.AddDurableTaskWorker(worker => worker.AddTasks(TestFlows.Register).UseEntityFramework<WorkflowDb>(configure));
        }
        return builder.Build();
    }

    /// <summary>A client that executes nothing.</summary>
    public static IHost BuildClient(string store)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var (kind, where) = Parse(store);
        if (kind == "azure")
            builder.Services.AddAzureStorage(where);
        else
            builder.Services.AddDatabase(kind, where).AddDurableTaskClient(client => client.UseEntityFramework<WorkflowDb>());
        return builder.Build();
    }

    private static (string Kind, string Where) Parse(string store)
    {
        var colon = store.IndexOf(':', StringComparison.Ordinal);
        return (store[..colon], store[(colon + 1)..]);
    }

    private static void AddAzureStorage(this IServiceCollection services, string where)
    {
        var azure = AzureStore.Create(where);
        services.AddSingleton<IOrchestrationService>(azure).AddSingleton<IOrchestrationServiceClient>(azure);
        services.AddDurableTaskClient(client => client.UseOrchestrationService());
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, string kind, string where)
    {
        services.TryAddSingleton<KillSwitch>();
        services.AddDbContext<WorkflowDb>((provider, options) =>
        {
            options.AddInterceptors(provider.GetRequiredService<KillSwitch>());
            if (kind == "sqlite")
                options.UseSqlite($"Data Source={where};Default Timeout=30").AddInterceptors(FullSynchronous.Instance);
            else
                options.UseNpgsql(where + ";Max Auto Prepare=60;Auto Prepare Min Usages=3;No Reset On Close=true");
        });
        return services.AddHostedService<Schema>();
    }

    /// <summary>Creates the tables before the worker starts: hosted services start in the order of their registration.</summary>
    private sealed class Schema(IServiceScopeFactory scopes) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<WorkflowDb>().Database;
            await database.EnsureCreatedAsync(cancellationToken);
            if (database.IsSqlite())
                await database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
