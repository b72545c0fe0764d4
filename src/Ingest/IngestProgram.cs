using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.Ingest.Hints;
using VerSemi.Ingest.Sweep;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Hints;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Ingest;

/// <summary>Ingest as a process of its own; any number of them on one blob store.</summary>
internal static class IngestProgram
{
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(
        "ingest", args,
        bus => bus.AddIngest(),
        (builder, settings) =>
        {
            builder.Services.AddIngest(options =>
            {
                if (settings[$"{BlobOptions.Section}:{nameof(BlobOptions.Store)}"] is null or BlobOptions.FolderStore)
                    options.RelookWithin = IngestOptions.RelookFolderWithin;
                settings.GetSection("Ingest").Bind(options);
            });
            builder.Services.AddHostedService<SweepMetrics>().WatchFolder("work", provider => provider.GetRequiredService<IOptions<IngestOptions>>().Value.WorkFolder);
            var hints = settings.GetSection(HookOptions.Section);
            builder.Services.AddIngestHints(hints.Get<HintQueueOptions>() ?? new HintQueueOptions(), options =>
            {
                options.Container = settings[$"{BlobOptions.Section}:{nameof(BlobOptions.Container)}"] ?? options.Container;
                hints.Bind(options);
            });
        },
        app => app.MapIngestHooks(),
        // The webhook is all that it offers, and that asks for the secret.
        settings => settings[$"{HookOptions.Section}:{nameof(HookOptions.HookSecret)}"] is { Length: > 0 });
}
