using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.Ingest.Hints;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hints;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Ingest;

/// <summary>Ingest's sweep, queue reader and webhook on a real Kestrel; what it rings for is only written down.</summary>
internal sealed class HintHost : IAsyncDisposable
{
    public const string Secret = "correct horse battery staple";
    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;

    private HintHost(TimeSpan sweepInterval, HintQueueOptions? queue, string secret)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        builder.Services.AddSingleton<IBlobStore>(new FolderBlobStore(_folder["data"])).AddSingleton(this).AddScoped<Note>();
        builder.Services.AddMessageBus(bus => bus.Handle<IngestDrop, Note>(Queues.Ingest));
        builder.Services.AddIngest(options => (options.SweepInterval, options.WorkFolder) = (sweepInterval, _folder["work"]));
        builder.Services.AddIngestHints(queue ?? new HintQueueOptions(), options => options.HookSecret = secret);
        _app = builder.Build();
        _app.MapIngestHooks();
    }

    public ConcurrentQueue<string> Rung { get; } = [];
    public HttpClient Http { get; private set; } = null!;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <returns>After the first look, which rang for the drop "first": the next look without a hint is an interval away.</returns>
    public static async Task<HintHost> StartAsync(TimeSpan? sweepInterval = null, HintQueueOptions? queue = null, string secret = Secret)
    {
        var host = new HintHost(sweepInterval ?? TimeSpan.FromHours(1), queue, secret);
        host.Drop("first");
        await host._app.StartAsync(Stop);
        host.Http = new HttpClient { BaseAddress = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        await host.RungForAsync("first");
        return host;
    }

    public void Drop(string name)
    {
        var drop = DropFolder.Msd(_folder[$"aside-{name}"]);
        File.WriteAllText(drop["_READY"], "");
        Directory.CreateDirectory(_folder["data/incoming"]);
        Directory.Move(drop.Path, _folder[$"data/incoming/{name}"]);
    }

    public Task RungForAsync(string drop) =>
        Eventually.TrueAsync($"drop {drop} is rung for", () => Task.FromResult(Rung.Contains(drop)), Stop);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Note(HintHost host) : IMessageHandler<IngestDrop>
    {
        public Task HandleAsync(IngestDrop message, CancellationToken cancellation)
        {
            host.Rung.Enqueue(message.Drop);
            return Task.CompletedTask;
        }
    }
}

/// <summary>Events as Event Grid writes them.</summary>
internal static class Events
{
    public static string EventGrid(string drop, string container = "versemi", string type = "Microsoft.Storage.BlobCreated") =>
        $$$"""{"topic":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","subject":"{{{Subject(drop, container)}}}","eventType":"{{{type}}}","id":"831e1650-001e-001b-66ab-eeb76e069631","data":{"api":"PutBlob","contentLength":524288,"blobType":"BlockBlob"},"dataVersion":"","metadataVersion":"1","eventTime":"2026-01-01T10:00:00Z"}""";

    public static string CloudEvent(string drop, string container = "versemi") =>
        $$$"""{"specversion":"1.0","source":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","subject":"{{{Subject(drop, container)}}}","type":"Microsoft.Storage.BlobCreated","id":"831e1650-001e-001b-66ab-eeb76e069631","time":"2026-01-01T10:00:00Z","data":{"api":"PutBlockList","contentLength":524288}}""";

    private static string Subject(string drop, string container) => $"/blobServices/default/containers/{container}/blobs/incoming/{drop}/imagesTr/c01.nii.gz";
}
