using Microsoft.Extensions.Configuration;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Hosting;

namespace VerSemi.GpuTrainer;

/// <summary>A trainer as a process of its own; any number of them. --one-shot: takes one message, finishes it and exits.</summary>
internal static class GpuTrainerProgram
{
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(
        "trainer", [.. args.Select(arg => arg == "--one-shot" ? "--VerSemi:Trainer:OneShot=true" : arg)],
        bus => bus.AddGpuTrainer(),
        (builder, settings) => builder.Services.AddGpuTrainer(options => settings.GetSection("Trainer").Bind(options)));
}
