using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;

namespace VerSemi.GpuTrainer.Segmentations;

public static class SegmentationRegistration
{
    /// <summary>The worker that takes images from their queue; beside a trainer in one process, or alone. Needs an IBlobStore and <see cref="AddSegmentation(BusBuilder)"/> beside it.</summary>
    public static IServiceCollection AddSegmentation(this IServiceCollection services, Action<GpuTrainerOptions>? configure = null) =>
        services.AddTrainerOptions(configure).AddSingleton<SegmentationWork>().AddHostedService<SegmentationWorker>()
            .AddCheck<DeviceCheck>().SendsTo(Queues.Leases).NeedsBlobs(reads: [BlobLayout.AllModels], writes: [BlobLayout.Segmentations]);

    public static BusBuilder AddSegmentation(this BusBuilder bus) => bus.Declare(Queues.Segmentation);
}
