using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Orchestrator.Workflow.Steps;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator;

public static class OrchestratorRegistration
{
    /// <summary>Needs an IBlobStore, and a message bus with <see cref="AddOrchestrator(BusBuilder)"/>, beside it.</summary>
    public static IServiceCollection AddOrchestrator(this IServiceCollection services, Action<OrchestratorOptions> configure)
    {
        services.AddOptions<OrchestratorOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OrchestratorOptions>, OrchestratorOptionsErrors>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IDatabaseClock, ProcessClock>();
        services.AddDbContext<OrchestratorDb>((provider, options) => SqliteDatabase.Use(options, provider.GetRequiredService<OrchestratorOptions>().Database));
        services.ConfigureHttpJsonOptions(http => DomainJson.Configure(http.SerializerOptions));
        return services.AddFeatures().AddHandlers().AddBackground();
    }

    private static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .AddSingleton<LineRecipes>().AddSingleton<Trouble>()
        .AddScoped<LabelSpaces>().AddScoped<DatasetHeads>().AddScoped<Drops>()
        .AddScoped<Registry>().AddScoped<Production>().AddScoped<ManualProduction>().AddScoped<Imports>().AddScoped<ForgettingHistory>()
        .AddScoped<CycleStarter>().AddScoped<Doorbell>().AddScoped<FinishedWork>();

    private static IServiceCollection AddHandlers(this IServiceCollection services) => services
        .AddScoped<ExpandStep>().AddScoped<JudgeStep>().AddScoped<PromoteStep>()
        .AddScoped<ClaimHandler>().AddScoped<HeartbeatHandler>().AddScoped<EndHandler>().AddScoped<CommitHint>();

    private static IServiceCollection AddBackground(this IServiceCollection services)
    {
        services.AddHostedService<Startup>();
        services.AddSingleton<Sweep>();
        return services.AddHostedService(provider => provider.GetRequiredService<Sweep>());
    }

    public static BusBuilder AddOrchestrator(this BusBuilder bus) => bus
        .AddSaga<CycleMachine, Cycle>(WorkflowQueues.Cycles)
        .AddSaga<RunMachine, Run>(WorkflowQueues.Runs)
        .Handle<ExpandCycle, ExpandStep>(WorkflowQueues.Steps, concurrency: 2)
        .Handle<JudgeCycle, JudgeStep>(WorkflowQueues.Steps, concurrency: 2)
        .Handle<PromoteCycle, PromoteStep>(WorkflowQueues.Steps, concurrency: 2)
        .Answer<ClaimLease, LeaseAnswer, ClaimHandler>(Queues.Leases, concurrency: 4)
        .Answer<Heartbeat, HeartbeatAnswer, HeartbeatHandler>(Queues.Leases, concurrency: 4)
        .Answer<EndLease, HeartbeatAnswer, EndHandler>(Queues.Leases, concurrency: 4)
        .Handle<DatasetCommitted, CommitHint>(Queues.Catalogue);
}
