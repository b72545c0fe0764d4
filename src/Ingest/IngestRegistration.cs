using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Domain.Messages;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Commit;
using VerSemi.Ingest.Reports;
using VerSemi.Ingest.Sweep;
using VerSemi.Platform.Bus;

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
        services.AddSingleton<WorkFolder>().AddSingleton<Canonicaliser>().AddSingleton<DatasetCommitter>().AddSingleton<DropReports>();
        services.AddSingleton<DropIngestor>().AddSingleton<IngestDropHandler>();
        services.AddHostedService<IngestSweep>();
        return services;
    }

    /// <summary>The queue on which the sweep rings.</summary>
    /// <param name="parallelDrops">Drops worked at a time by this process.</param>
    public static BusBuilder AddIngest(this BusBuilder bus, int parallelDrops = 1) =>
        bus.Handle<IngestDrop, IngestDropHandler>(Queues.Ingest, parallelDrops);
}
