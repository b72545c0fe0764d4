using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Live;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Notifications;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Rebuild;
using VerSemi.Orchestrator.Retention;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Orchestrator.Scrubbing;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Orchestrator.Withdrawals;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Orchestrator.Workflow.Steps;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Startup;

namespace VerSemi.Orchestrator;

public static class OrchestratorRegistration
{
    /// <summary>Needs an IBlobStore, and a message bus with <see cref="AddOrchestrator(BusBuilder, int)"/>, beside it.</summary>
    /// <param name="access">Null: open, for this machine alone.</param>
    public static IServiceCollection AddOrchestrator(this IServiceCollection services, Action<OrchestratorOptions> configure, Action<AccessOptions>? access = null)
    {
        services.AddOptions<OrchestratorOptions>().Configure(configure).PostConfigure(options => options.LowerNames()).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OrchestratorOptions>, OrchestratorOptionsErrors>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddDatabase();
        services.ConfigureHttpJsonOptions(http => DomainJson.Configure(http.SerializerOptions));
        OpenApi.Add(services);
        return services.AddFeatures().AddHandlers().AddBackground().AddSchedules().AddNotifications().AddAccess(access).AddDashboard();
    }

    private static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .AddSingleton<LineRecipes>().AddSingleton<Trouble>().AddSingleton<KnownDrops>().AddSingleton<KnownHeads>().AddSingleton<Manifests>().AddSingleton<Idempotency>().AddScoped<KeptAnswers>().AddScoped<Evaluations>().AddScoped<Volumes>().AddSingleton<SentStarts>()
        .AddScoped<LabelSpaces>().AddScoped<DatasetHeads>().AddScoped<Drops>()
        .AddScoped<Registry>().AddScoped<Production>().AddScoped<ManualProduction>().AddScoped<Imports>().AddScoped<ModelCheck>().AddScoped<ForgettingHistory>()
        .AddScoped<WithdrawalTargets>().AddScoped<WithdrawalDesk>().AddScoped<SeenBy>().AddScoped<PredictionErasure>().AddScoped<SegmentationDesk>()
        .AddScoped<GarbageCollection>().AddScoped<OldDrops>().AddScoped<OldRuns>().AddScoped<OldImports>().AddScoped<OldSegmentations>()
        .AddSingleton<VerifiedLedgers>().AddScoped<LedgerBlobs>().AddSingleton<ArchivedCycles>().AddScoped<CycleArchive>().AddScoped<CatalogueContents>().AddScoped<Reconciler>().AddScoped<CycleReconciler>().AddScoped<LostCycles>()
        .AddScoped<CycleStarter>().AddScoped<Doorbell>().AddScoped<FinishedWork>().AddScoped<RunSpecifications>().AddScoped<CandidateTrainings>().AddScoped<TakenDrops>();

    private static IServiceCollection AddHandlers(this IServiceCollection services) => services
        .AddScoped<ExpandStep>().AddScoped<JudgeStep>().AddScoped<PromoteStep>()
        .AddScoped<ClaimHandler>().AddScoped<HeartbeatHandler>().AddScoped<EndHandler>().AddScoped<SegmentationClaim>().AddScoped<SegmentationBeat>().AddScoped<SegmentationEnd>().AddScoped<CommitHint>().AddScoped<WithdrawalAnswer>();

    private static IServiceCollection AddBackground(this IServiceCollection services)
    {
        services.AddStartRequirement<DatabaseRequirement>();
        services.AddCheck<DatabaseCheck>().AddCheck<ProductionCheck>().NeedsBlobs(
            reads: [BlobLayout.Datasets, BlobLayout.Withdrawals],
            writes: [BlobLayout.Incoming, BlobLayout.AllRuns, BlobLayout.Imports, BlobLayout.Cycles, BlobLayout.AllModels, BlobLayout.Segmentations, BlobLayout.Scrubs]);
        services.AddCheck<ScrubCheck>();
        services.AddSingleton<ScrubService>().AddHostedService(provider => provider.GetRequiredService<ScrubService>());
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<Sweep>();
        return services.AddHostedService(provider => provider.GetRequiredService<Sweep>());
    }

    /// <param name="parallel">Messages of a queue at a time. SQLite has one writer: two keep it busy.</param>
    public static BusBuilder AddOrchestrator(this BusBuilder bus, int parallel = 2) => bus
        .Hopeless(failure => failure is DomainException)
        .AddSaga<CycleMachine, Cycle>(WorkflowQueues.Cycles, parallel)
        .AddSaga<RunMachine, Run>(WorkflowQueues.Runs, parallel)
        .Handle<ExpandCycle, ExpandStep>(WorkflowQueues.Steps, parallel)
        .Handle<JudgeCycle, JudgeStep>(WorkflowQueues.Steps, parallel)
        .Handle<PromoteCycle, PromoteStep>(WorkflowQueues.Steps, parallel)
        .Answer<ClaimLease, LeaseAnswer, ClaimHandler>(Queues.Leases, 2 * parallel)
        .Answer<Heartbeat, HeartbeatAnswer, HeartbeatHandler>(Queues.Leases, 2 * parallel)
        .Answer<EndLease, HeartbeatAnswer, EndHandler>(Queues.Leases, 2 * parallel)
        .Answer<ClaimSegmentation, SegmentationAnswer, SegmentationClaim>(Queues.Leases, 2 * parallel)
        .Answer<SegmentationHeartbeat, HeartbeatAnswer, SegmentationBeat>(Queues.Leases, 2 * parallel)
        .Answer<EndSegmentation, HeartbeatAnswer, SegmentationEnd>(Queues.Leases, 2 * parallel)
        .Handle<DatasetCommitted, CommitHint>(Queues.Catalogue)
        .Handle<DropIngested, DropReports>(Queues.Catalogue)
        .Handle<CasesWithdrawn, WithdrawalAnswer>(Queues.Catalogue)
        .Declare(Queues.Training, Queues.TrainingOnDemand, Queues.Segmentation, Queues.Ingest);
}
