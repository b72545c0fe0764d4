using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hosting;

namespace VerSemi.Cli.Research;

/// <summary>A blob store of one's own for training and evaluation without the workflow: datasets are checked and versioned as ever, nothing else is.</summary>
internal sealed class ResearchFolder(string path)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public FolderBlobStore Store { get; } = new(path);
    public string Path => path;

    /// <returns>The names of the datasets, each once: several folders may be drops of one dataset.</returns>
    public Task<IReadOnlyList<string>> IngestAsync(IReadOnlyList<string> folders, Out output, CancellationToken cancellation) =>
        output.WithProgressAsync(view => IngestAsync(folders, drop => view.Show("Checking", drop), cancellation));

    public async Task<IReadOnlyList<string>> IngestAsync(IReadOnlyList<string> folders, Action<string> checking, CancellationToken cancellation)
    {
        var names = new List<string>();
        var drops = folders.Select(folder => new DropFolder(folder)).ToList();
        using var host = Host();
        await host.StartAsync(cancellation);
        foreach (var drop in drops)
        {
            checking(drop.Name);
            await drop.PlaceAsync(new DataFolder(path), _ => { }, cancellation);
            names.Add(DatasetOf(await ReportAsync(drop.Name, cancellation)));
        }
        await host.StopAsync(cancellation);
        return [.. names.Distinct()];
    }

    /// <summary>Ingest alone, in a hurry: a command's own copy does not change any more.</summary>
    private IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IBlobStore>(Store);
        builder.Services.AddMessageBus(bus => bus.AddIngest());
        builder.Services.AddIngest(options =>
        {
            options.SweepInterval = Pause;
            options.SettlePeriod = TimeSpan.Zero;
            options.WorkFolder = System.IO.Path.Combine(path, ".ingest");
        });
        return builder.Build();
    }

    private async Task<IngestReport> ReportAsync(string drop, CancellationToken cancellation)
    {
        while (true)
        {
            if (await Store.TryReadJsonAsync<IngestReport>(BlobLayout.DropReport(drop), DomainJson.Readable, cancellation) is { } report)
                return report.Value;
            await Task.Delay(Pause, cancellation);
        }
    }

    private string DatasetOf(IngestReport report) => report is { Outcome: not IngestOutcome.Refused, Dataset: { } dataset }
        ? dataset
        : throw new DomainException($"'{report.Drop}' was refused: {report.Refusal} {System.IO.Path.Combine(path, BlobLayout.DropReportText(report.Drop))} says more.");
}
