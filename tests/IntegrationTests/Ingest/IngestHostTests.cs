using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Ingest;

/// <summary>Ingest as a service: its sweep, the bus and a folder; nothing but a drop is put in.</summary>
public sealed class IngestHostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_folder_is_found_taken_in_reported_and_announced()
    {
        using var folder = new TempFolder();
        var heard = new Heard();
        var store = new FolderBlobStore(folder["data"]);
        using var host = Host(store, heard, folder["work"]);
        await host.StartAsync(Stop);

        DropFolder.Msd(folder["aside"]);
        new DropFolder(folder["broken"]).Json("{");
        File.WriteAllText(folder["broken/_READY"], "");
        Directory.CreateDirectory(folder["data/incoming"]);
        Directory.Move(folder["aside"], folder["data/incoming/toy-drop"]);
        Directory.Move(folder["broken"], folder["data/incoming/broken"]);

        await Eventually.TrueAsync("both drops are announced", () => Task.FromResult(heard.Ingested.Count == 2), Stop);
        var report = await store.ReadJsonAsync<IngestReport>(BlobLayout.DropReport("toy-drop"), DomainJson.Readable, Stop);
        Assert.Equal((IngestOutcome.Committed, "toy", 4), (report.Outcome, report.Dataset, report.Cases.Count));
        Assert.Equal(new DatasetCommitted("toy", report.Version!), Assert.Single(heard.Committed));
        Assert.Equal(["refused", "committed"], heard.Ingested.OrderBy(message => message.Drop).Select(message => message.Outcome));
        await host.StopAsync(Stop);
    }

    private static IHost Host(IBlobStore store, Heard heard, string work)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        builder.Services.AddSingleton(store).AddSingleton(heard).AddScoped<HearIngested>().AddScoped<HearCommitted>();
        builder.Services.AddMessageBus(bus => bus.AddIngest()
            .Handle<DropIngested, HearIngested>(Queues.Catalogue).Handle<DatasetCommitted, HearCommitted>(Queues.Catalogue));
        builder.Services.AddIngest(options =>
            (options.SweepInterval, options.SettlePeriod, options.WorkFolder) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), work));
        return builder.Build();
    }

    private sealed class Heard
    {
        public ConcurrentBag<DropIngested> Ingested { get; } = [];
        public ConcurrentBag<DatasetCommitted> Committed { get; } = [];
    }

    private sealed class HearIngested(Heard heard) : IMessageHandler<DropIngested>
    {
        public Task HandleAsync(DropIngested message, CancellationToken cancellation)
        {
            heard.Ingested.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class HearCommitted(Heard heard) : IMessageHandler<DatasetCommitted>
    {
        public Task HandleAsync(DatasetCommitted message, CancellationToken cancellation)
        {
            heard.Committed.Add(message);
            return Task.CompletedTask;
        }
    }
}
