using Microsoft.Extensions.Configuration;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Hosting;

namespace VerSemi.GpuTrainer;

/// <summary>
/// A trainer as a process of its own; any number of them. --one-shot: takes one message, finishes it and exits.
/// --segmentation: not a trainer, but a worker that segments images by the model in production.
/// </summary>
internal static class GpuTrainerProgram
{
    internal const string Segmentation = "--segmentation";
    internal const string OneShot = "--one-shot";

    public static Task<int> Main(string[] args) => args.Contains(Segmentation)
        ? ServiceHost.RunAsync("segmentation", [.. args.Where(arg => arg != Segmentation)], bus => bus.AddSegmentation(), (builder, settings) => builder.Services.AddSegmentation(Bind(settings)).AddWorkerMetrics())
        : ServiceHost.RunAsync(
            "trainer", [.. args.Select(arg => arg == OneShot ? "--VerSemi:Trainer:OneShot=true" : arg)],
            bus => bus.AddGpuTrainer(), (builder, settings) => builder.Services.AddGpuTrainer(Bind(settings)).AddWorkerMetrics());

    private static Action<GpuTrainerOptions> Bind(IConfigurationSection settings) => options => settings.GetSection("Trainer").Bind(options);
}
