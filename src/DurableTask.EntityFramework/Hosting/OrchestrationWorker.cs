using DurableTask.Core;
using DurableTask.Core.Middleware;
using DurableTask.EntityFramework.Storage;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DurableTask.EntityFramework.Hosting;

/// <summary>
/// Executes class-based orchestrators and activities in this process over the registered <see cref="IOrchestrationService"/>,
/// whichever provider that is. The build target of AddDurableTaskWorker in the place of UseGrpc.
/// </summary>
public sealed class OrchestrationWorker(
    string? name, IDurableTaskFactory factory, IOptionsMonitor<DurableTaskWorkerOptions> options, IOrchestrationService service,
    IServiceProvider services, ILoggerFactory loggers) : DurableTaskWorker(name, factory)
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shims = new DurableTaskShimFactory(options.Get(Name), loggers);
        var (orchestrations, activities) = (new Orchestrations(Factory, services, shims), new Activities(Factory, services, shims));
        using var worker = new TaskHubWorker(service, orchestrations, activities, loggers)
        {
            // The shims understand failure details, not serialised exceptions.
            ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails,
        };
        worker.AddOrchestrationDispatcherMiddleware(KeepFailureAsync);
        await service.CreateIfNotExistsAsync();
        await worker.StartAsync();
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await worker.StopAsync(isForced: false);
    }

    /// <summary>DurableTask.Core abandons a turn that throws without saying why: the reason is kept for the provider.</summary>
    private static async Task KeepFailureAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        try
        {
            // Not left to DurableTask.Core, which would pause all orchestrations for 10 s.
            if (context.GetProperty<TaskOrchestration>() is null)
                throw Unregistered("orchestrator", context.GetProperty<OrchestrationRuntimeState>()?.Name);
            await next();
        }
        catch (Exception e)
        {
            if (context.GetProperty<TaskOrchestrationWorkItem>() is Turn turn)
                turn.Failure = e;
            throw;
        }
    }

    private static InvalidOperationException Unregistered(string kind, string? name) =>
        new($"No {kind} '{name}' is registered in this process.");

    private sealed class Orchestrations(IDurableTaskFactory factory, IServiceProvider services, DurableTaskShimFactory shims)
        : INameVersionObjectManager<TaskOrchestration>
    {
        public void Add(ObjectCreator<TaskOrchestration> creator) => throw new NotSupportedException("Register orchestrators by AddTasks.");

        public TaskOrchestration? GetObject(string name, string? version) =>
            factory.TryCreateOrchestrator(name, services, out var orchestrator) ? shims.CreateOrchestration(name, orchestrator) : null;
    }

    private sealed class Activities(IDurableTaskFactory factory, IServiceProvider services, DurableTaskShimFactory shims)
        : INameVersionObjectManager<TaskActivity>
    {
        public void Add(ObjectCreator<TaskActivity> creator) => throw new NotSupportedException("Register activities by AddTasks.");

        public TaskActivity GetObject(string name, string? version) => new ScopedActivity(name, factory, services, shims);
    }

    /// <summary>Each execution has a scope, and so a database context, of its own.</summary>
    private sealed class ScopedActivity(string name, IDurableTaskFactory factory, IServiceProvider services, DurableTaskShimFactory shims)
        : TaskActivity
    {
        public override string Run(TaskContext context, string input) => throw new NotSupportedException("DurableTask.Core calls RunAsync.");

        public override async Task<string> RunAsync(TaskContext context, string input)
        {
            await using var scope = services.CreateAsyncScope();
            return factory.TryCreateActivity(name, scope.ServiceProvider, out var activity)
                ? await shims.CreateActivity(name, activity).RunAsync(context, input)
                : throw Unregistered("activity", name);
        }
    }
}
