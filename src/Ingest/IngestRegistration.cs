using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Commit;
using VerSemi.Ingest.Hints;
using VerSemi.Ingest.Reports;
using VerSemi.Ingest.Sweep;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Hints;

namespace VerSemi.Ingest;

/// <summary>Drops become dataset versions. Needs an IBlobStore and the message bus, no database.</summary>
public static class IngestRegistration
{
    /// <summary>The sweep of incoming/ and what works a drop. The options are validated at start, all faults at once.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, Action<IngestOptions>? configure = null)
    {
        services.AddOptions<IngestOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WorkFolder>().AddSingleton<Canonicaliser>().AddSingleton<DatasetFiles>().AddSingleton<DatasetCommitter>().AddSingleton<DropReports>();
        services.AddSingleton<DropIngestor>().AddSingleton<IngestDropHandler>();
        services.AddSingleton<IngestSweep>().AddHostedService(provider => provider.GetRequiredService<IngestSweep>());
        services.AddSingleton<TombstoneFile>().AddSingleton<DropErasure>().AddSingleton<Withdrawer>().AddSingleton<WithdrawCasesHandler>();
        services.SendsTo(Queues.Catalogue).NeedsBlobs(reads: [], writes: [BlobLayout.Incoming, BlobLayout.Datasets, BlobLayout.Withdrawals]);
        services.AddSingleton<DatasetRestorer>().AddHostedService(provider => provider.GetRequiredService<DatasetRestorer>());
        services.AddHostedService<OpenWithdrawals>().AddLocalCopyJanitor(OpenWithdrawals.ErasedAsync);
        return services;
    }

    /// <summary>What makes the sweep look sooner: a queue, if one is named, and the webhook of <see cref="IngestHooks.MapIngestHooks"/>. Without them the sweep finds everything, later.</summary>
    /// <exception cref="OptionsValidationException">With every fault of the queue's options; those of the webhook's are told at start.</exception>
    public static IServiceCollection AddIngestHints(this IServiceCollection services, HintQueueOptions queue, Action<HookOptions>? configure = null)
    {
        services.AddOptions<HookOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HookOptions>, HookOptionsValidator>();
        return services.AddSingleton<BlobHints>().AddHintQueue<BlobHints>(queue);
    }

    /// <summary>The queue on which the sweep rings.</summary>
    /// <param name="parallelDrops">Drops worked at a time by this process.</param>
    public static BusBuilder AddIngest(this BusBuilder bus, int parallelDrops = 1) =>
        bus.Handle<IngestDrop, IngestDropHandler>(Queues.Ingest, parallelDrops)
            .Handle<WithdrawCases, WithdrawCasesHandler>(Queues.Ingest, parallelDrops);
}
