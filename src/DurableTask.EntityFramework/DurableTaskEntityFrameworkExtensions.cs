using DurableTask.Core;
using DurableTask.EntityFramework.Hosting;
using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DurableTask.EntityFramework;

/// <summary>
/// Durable Task on the database of an application: <c>AddDurableTaskWorker(w => w.AddTasks(…).UseEntityFramework&lt;MyContext&gt;())</c>
/// and <c>AddDurableTaskClient(c => c.UseEntityFramework&lt;MyContext&gt;())</c>, where MyContext calls AddDurableTask in
/// OnModelCreating and uses SQLite (one process) or PostgreSQL (any number).
/// </summary>
public static class DurableTaskEntityFrameworkExtensions
{
    public static IDurableTaskWorkerBuilder UseEntityFramework<TContext>(
        this IDurableTaskWorkerBuilder builder, Action<EntityFrameworkOptions>? configure = null) where TContext : DbContext
    {
        builder.Services.AddStore<TContext>(configure);
        builder.Services.TryAddSingleton<IOrchestrationService, EntityFrameworkOrchestrationService>();
        builder.Services.AddHostedService<RetentionService>();
        return builder.UseOrchestrationService();
    }

    public static IDurableTaskClientBuilder UseEntityFramework<TContext>(
        this IDurableTaskClientBuilder builder, Action<EntityFrameworkOptions>? configure = null) where TContext : DbContext
    {
        builder.Services.AddStore<TContext>(configure);
        builder.Services.TryAddSingleton<IOrchestrationServiceClient, EntityFrameworkOrchestrationClient>();
        return builder.UseOrchestrationService();
    }

    /// <summary>Executes in this process, over the <see cref="IOrchestrationService"/> that is registered: Azure Storage, say.</summary>
    public static IDurableTaskWorkerBuilder UseOrchestrationService(this IDurableTaskWorkerBuilder builder) =>
        builder.UseBuildTarget<OrchestrationWorker>();

    /// <summary>Asks the <see cref="IOrchestrationServiceClient"/> that is registered.</summary>
    public static IDurableTaskClientBuilder UseOrchestrationService(this IDurableTaskClientBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder.UseBuildTarget<OrchestrationClient>();
    }

    private static void AddStore<TContext>(this IServiceCollection services, Action<EntityFrameworkOptions>? configure)
        where TContext : DbContext
    {
        services.AddOptions<EntityFrameworkOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EntityFrameworkOptions>, EntityFrameworkOptionsValidator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<EntityFrameworkOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Sessions, Sessions<TContext>>();
        services.TryAddSingleton<IWorkQueue>(QueueFor);
        services.TryAddSingleton<MessageClock>();
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<TurnStore>();
        services.TryAddSingleton<FailureStore>();
        services.TryAddSingleton<InstanceQueries>();
        services.TryAddSingleton<Purger>();
    }

    private static IWorkQueue QueueFor(IServiceProvider provider)
    {
        var sessions = provider.GetRequiredService<Sessions>();
        return sessions.EngineName() switch
        {
            "Microsoft.EntityFrameworkCore.Sqlite" => ActivatorUtilities.CreateInstance<MemoryQueue>(provider),
            "Npgsql.EntityFrameworkCore.PostgreSQL" => ActivatorUtilities.CreateInstance<PostgresQueue>(provider),
            var other => throw new NotSupportedException($"The context uses {other}. Use SQLite (one process) or PostgreSQL (any number)."),
        };
    }
}
