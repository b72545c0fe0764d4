using System.Globalization;
using System.Text.Json;
using VerSemi.DistributedKit.Tracing;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Phantoms;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit;

/// <summary>
/// What `versemi demo` shows, through three processes: three datasets become a first model, a fourth brings a new target.
/// In the middle of the first training the trainer is killed, and another takes its place. Unless VERSEMI_LONG=1 its
/// trainings are shorter than the demo's, and less is asked of them.
/// </summary>
public sealed class DistributedDemo : IAsyncDisposable
{
    private static readonly TimeSpan TimeToPromote = TimeSpan.FromMinutes(12);

    /// <summary>What was begun before has been exported, or is lost with the process that is killed now.</summary>
    private static readonly TimeSpan Exported = TimeSpan.FromSeconds(6);

    private readonly TempFolder _folder;

    private DistributedDemo(DistributedSystem system, TraceReceiver traces, PrometheusServer? prometheus, TempFolder folder) =>
        (System, Traces, Prometheus, _folder) = (system, traces, prometheus, folder);

    /// <summary>By how much an old task may be worse.</summary>
    public static double Margin { get; } = TestLength.IsLong ? new PromotionPolicy().Margin : 0.1;

    /// <summary>Of the second model, the mean over its tasks.</summary>
    public static double LeastDice { get; } = TestLength.IsLong ? 0.80 : 0.70;

    public DistributedSystem System { get; }
    public TraceReceiver Traces { get; }

    /// <summary>It scrapes every service from its start; null where none is installed.</summary>
    public PrometheusServer? Prometheus { get; }

    /// <summary>The one that took over from the killed one.</summary>
    public ServiceProcess Trainer { get; private set; } = null!;
    public ServiceProcess Orchestrator { get; private set; } = null!;

    /// <summary>In their order.</summary>
    public IReadOnlyList<CycleView> Cycles { get; private set; } = [];
    public IReadOnlyList<LedgerView> Ledger { get; private set; } = [];

    /// <summary>The models in the order of their promotion.</summary>
    public IReadOnlyList<ModelDetail> Models { get; private set; } = [];

    public static async Task<DistributedDemo> RunAsync(CancellationToken cancellation)
    {
        var traces = await TraceReceiver.StartAsync(cancellation);
        try
        {
            var folder = new TempFolder();
            var system = await DistributedSystem.StartAsync(Settings(traces, RecipeIn(folder)), cancellation: cancellation);
            var demo = new DistributedDemo(system, traces, PrometheusServer.IsInstalled ? await PrometheusServer.StartAsync(cancellation) : null, folder);
            await demo.TellAsync(cancellation);
            return demo;
        }
        catch
        {
            await traces.DisposeAsync();
            throw;
        }
    }

    public Task<RunDetail> RunOfAsync(CycleView cycle, CancellationToken cancellation) => Orchestrator.GetAsync<RunDetail>(Routes.Run(cycle.Run!), cancellation);

    public Task<DatasetHead> HeadAsync(string dataset, CancellationToken cancellation) =>
        System.OpenBlobs().ReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation);

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        await Traces.DisposeAsync();
        if (Prometheus is not null)
            await Prometheus.DisposeAsync();
        _folder.Dispose();
    }

    private static string RecipeIn(TempFolder folder)
    {
        var demo = RecipeBook.BuiltIn("demo");
        var file = folder["recipe.json"];
        File.WriteAllText(file, JsonSerializer.Serialize(
            TestLength.IsLong ? demo : demo with { Name = "demo-short", Stage1Steps = 120, Stage2Steps = 30, ValidateEvery = 60, CheckpointEvery = 20 }, DomainJson.Readable));
        return file;
    }

    private static Dictionary<string, string> Settings(TraceReceiver traces, string recipe) => new()
    {
        ["Telemetry:OtlpEndpoint"] = traces.Url,
        ["Orchestrator:Lines:main:Recipe"] = recipe,
        ["Orchestrator:Promotion:Margin"] = Margin.ToString(CultureInfo.InvariantCulture),
        ["Orchestrator:Promotion:Floor"] = TestLength.IsLong ? "0.5" : "0.3",
        ["Orchestrator:Schedules:yearly:Cron"] = "0 0 1 1 *",
        ["Orchestrator:MetricsEvery"] = "00:00:01",
        ["Service:LogFormat"] = "json",
        ["Orchestrator:Heartbeat"] = "00:00:02",
        ["Orchestrator:Lease"] = "00:00:10",
        // As the demo in one process: the bits of a result depend on it.
        ["Trainer:Threads"] = $"{Environment.ProcessorCount}",
    };

    private async Task TellAsync(CancellationToken cancellation)
    {
        Orchestrator = await AddAsync("Orchestrator", cancellation);
        await AddAsync("Ingest", cancellation);
        var trainer = await AddAsync("GpuTrainer", cancellation);
        var folders = PhantomWriter.Write(_folder["phantoms"]);
        // At once, so that they become one cycle.
        await Task.WhenAll(folders.Take(3).Select(folder => Orchestrator.DropAsync(folder, cancellation: cancellation)));
        await KillInMidTrainingAsync(trainer, cancellation);
        await PromotedAsync(1, cancellation);
        await Orchestrator.DropAsync(folders[3], cancellation: cancellation);
        await PromotedAsync(2, cancellation);
        await GatherAsync(cancellation);
    }

    private async Task KillInMidTrainingAsync(ServiceProcess trainer, CancellationToken cancellation)
    {
        var blobs = System.OpenBlobs();
        await Eventually.TrueAsync("the first training has kept a checkpoint", TimeSpan.FromMinutes(6), async () =>
            (await Orchestrator.GetAsync<List<RunView>>(Routes.Runs, cancellation)).SingleOrDefault() is { Attempt: 1, Work: WorkKind.Train } run
            && DateTimeOffset.UtcNow - run.UpdatedAt > Exported
            && await blobs.FindAsync(BlobLayout.Checkpoints(run.Id, 1) + "last.json", cancellation) is not null, cancellation);
        await trainer.KillAsync();
        Trainer = await AddAsync("GpuTrainer", cancellation);
    }

    private async Task<ServiceProcess> AddAsync(string project, CancellationToken cancellation)
    {
        var process = await System.AddAsync(project, cancellation: cancellation);
        Prometheus?.Scrape(project, process.Management);
        return process;
    }

    private Task PromotedAsync(int count, CancellationToken cancellation) =>
        Eventually.TrueAsync($"there are {count} promotions", TimeToPromote, async () =>
        {
            var cycles = await Orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation);
            if (cycles.FirstOrDefault(cycle => CycleStates.IsFinal(cycle.State) && cycle.State != CycleStates.Completed) is { } ended)
                throw new InvalidOperationException($"Cycle {ended.Id} is {ended.State}: {ended.Reason}");
            return cycles.Count(cycle => cycle.State == CycleStates.Completed) == count;
        }, cancellation);

    private async Task GatherAsync(CancellationToken cancellation)
    {
        Cycles = [.. (await Orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation)).OrderBy(cycle => cycle.Number)];
        Ledger = [.. (await Orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, cancellation)).OrderBy(row => row.Generation)];
        var models = new List<ModelDetail>();
        foreach (var row in Ledger)
            models.Add(await Orchestrator.GetAsync<ModelDetail>(Routes.Model(row.Line, row.Version), cancellation));
        Models = models;
    }
}
