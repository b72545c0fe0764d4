using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Data;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;

namespace VerSemi.GpuTrainer.Service;

public static class GpuTrainerRegistration
{
    /// <summary>The worker that takes runs from the training queue. Needs an IBlobStore and <see cref="AddGpuTrainer(BusBuilder)"/> on the message bus beside it.</summary>
    public static IServiceCollection AddGpuTrainer(this IServiceCollection services, Action<GpuTrainerOptions>? configure = null)
    {
        services.AddTrainerOptions(configure);
        services.AddSingleton<RunWork>().AddSingleton<AttemptLog>().AddSingleton<CurrentLease>();
        services.AddSingleton<LogTail>().AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogTail>());
        services.AddHostedService<TrainingWorker>().AddLocalCopyJanitor(StoredVoxels.ErasedAsync);
        services.AddCheck<DeviceCheck>().SendsTo(Queues.Leases).NeedsBlobs(reads: [BlobLayout.Datasets, BlobLayout.AllModels, BlobLayout.Withdrawals], writes: [BlobLayout.AllRuns]);
        services.AddHealthChecks().AddCheck<LeaseHealth>("lease", tags: ["ready"]);
        return services;
    }

    internal static IServiceCollection AddTrainerOptions(this IServiceCollection services, Action<GpuTrainerOptions>? configure)
    {
        services.AddOptions<GpuTrainerOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<GpuTrainerOptions>, Validator>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    public static BusBuilder AddGpuTrainer(this BusBuilder bus) => bus.Declare(Queues.Training, Queues.TrainingOnDemand);

    private sealed class Validator : IValidateOptions<GpuTrainerOptions>
    {
        public ValidateOptionsResult Validate(string? name, GpuTrainerOptions options) =>
            options.Errors().ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
