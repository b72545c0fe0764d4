using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Telemetry;

namespace VerSemi.GpuTrainer.Service;

/// <summary>The GPU's memory and utilisation by the driver's own library; without a GPU there are no such metrics.</summary>
internal sealed class WorkerMetrics(IMeterFactory meters) : IHostedService, IDisposable
{
    private const int MostDevices = 16;

    private readonly Meter _meter = meters.Create(Telemetry.SourceName);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        TrainingMetrics.Start();
        _meter.CreateObservableGauge("versemi.gpu.memory.used", () => Of(gpu => gpu.Used), "By", "Memory of the GPU that is in use, by whomever");
        _meter.CreateObservableGauge("versemi.gpu.memory.size", () => Of(gpu => gpu.Total), "By", "All memory of the GPU");
        _meter.CreateObservableGauge("versemi.gpu.busy", () => Of(gpu => gpu.Busy), "1", "Share of the time in which the GPU computed");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> Of(Func<GpuFigures, double?> value)
    {
        for (var index = 0; index < MostDevices && Nvml.Of(index) is { } gpu; index++)
            if (value(gpu) is { } figure)
                yield return new Measurement<double>(figure, new KeyValuePair<string, object?>("device", $"cuda:{index}"));
    }
}

public static class WorkerMetricsRegistration
{
    /// <summary>For a process that somebody can scrape.</summary>
    public static IServiceCollection AddWorkerMetrics(this IServiceCollection services) => services.AddHostedService<WorkerMetrics>()
        .WatchFolder("scratch", provider => provider.GetRequiredService<IOptions<GpuTrainerOptions>>().Value.ScratchFolder);
}
