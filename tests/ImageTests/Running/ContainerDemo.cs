using System.Diagnostics;
using VerSemi.DistributedKit;
using VerSemi.Domain.Messages;
using VerSemi.ImageTests.Building;
using VerSemi.Imaging.Phantoms;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.ImageTests.Running;

/// <summary>
/// The demo's datasets through the three images: three of them become a first model, the fourth brings a target and is
/// trained on when all is told to stop.
/// </summary>
public sealed class ContainerDemo(BuiltImages images) : IAsyncLifetime
{
    public const string TimeZone = "Europe/Berlin";

    /// <summary>Kubernetes' default, after which it kills.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan TimeToPromote = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, ServiceContainer> _containers = [];
    private readonly Dictionary<string, ServiceProcess> _services = [];
    private DistributedSystem? _system;

    /// <summary>By project: while it was ready.</summary>
    public IReadOnlyDictionary<string, Observation> Observed { get; private set; } = new Dictionary<string, Observation>();
    public IReadOnlyList<LedgerView> Ledger { get; private set; } = [];
    public IReadOnlyList<ScheduleView> Schedules { get; private set; } = [];

    /// <summary>What lies in the store in the end.</summary>
    public DistributedSystem System => _system ?? throw new InvalidOperationException("Nothing was started.");

    /// <summary>By project.</summary>
    public IReadOnlyDictionary<string, Stop> Stops { get; private set; } = new Dictionary<string, Stop>();

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (built, starts) = (await ImagesAsync(), StartServersAsync(cancellation));
        _system = await starts;
        _system.HowToStart = (project, arguments, environment) =>
            _containers[project] = new ServiceContainer(built[project], arguments, environment, _folder.Path, project == "GpuTrainer" ? "4g" : "1g");
        foreach (var project in BuiltImages.Projects)
            _services[project] = await _system.AddAsync(project, cancellation: cancellation);
        await ObserveAsync(cancellation);
        await PromoteAsync(cancellation);
        Stops = (await Task.WhenAll(_services.Select(service => StopAsync(service.Key, service.Value, cancellation)))).ToDictionary(stop => stop.Project);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
            await _system.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Dictionary<string, Image>> ImagesAsync()
    {
        var built = new Dictionary<string, Image>();
        foreach (var project in BuiltImages.Projects)
            built[project] = await images.OfAsync(project);
        return built;
    }

    private Task<DistributedSystem> StartServersAsync(CancellationToken cancellation) => DistributedSystem.StartAsync(
        QuickSettings.With(
            ("Orchestrator:Lines:main:Recipe", QuickRecipe.Write(_folder["recipe.json"], steps: 40, checkpointEvery: 20)),
            // Long enough for a machine with much else to do: the three become one cycle, and no lease runs out.
            ("Orchestrator:QuietWindow", "00:00:10"), ("Orchestrator:Heartbeat", "00:00:02"), ("Orchestrator:Lease", "00:00:30"),
            ("Orchestrator:Schedules:nightly:Cron", "0 2 * * *"), ("Orchestrator:Schedules:nightly:TimeZone", TimeZone)),
        cancellation: cancellation);

    private async Task ObserveAsync(CancellationToken cancellation)
    {
        var observed = new Dictionary<string, Observation>();
        foreach (var (project, container) in _containers)
        {
            var service = _services[project];
            observed[project] = new Observation(
                await service.ProbeAsync(ServiceProcess.LiveProbe, cancellation), await service.ProbeAsync(ServiceProcess.ReadyProbe, cancellation),
                await container.CheckHealthAsync(), await container.ProcessAsync());
        }
        Observed = observed;
    }

    private async Task PromoteAsync(CancellationToken cancellation)
    {
        var orchestrator = _services["Orchestrator"];
        var phantoms = PhantomWriter.Write(_folder["phantoms"]);
        await Task.WhenAll(phantoms.Take(3).Select(folder => orchestrator.DropAsync(folder, cancellation: cancellation)));
        await Eventually.TrueAsync("the first model is promoted", TimeToPromote, async () => (await CyclesAsync(CycleStates.Completed, cancellation)).Count > 0, cancellation);
        (Ledger, Schedules) = (await orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, cancellation), await orchestrator.GetAsync<List<ScheduleView>>(Routes.Schedules, cancellation));
        await orchestrator.DropAsync(phantoms[3], cancellation: cancellation);
        await Eventually.TrueAsync("the second training has begun", TimeToPromote, async () =>
            (await orchestrator.GetAsync<List<RunView>>(Routes.Runs, cancellation)).Any(run => run is { Work: WorkKind.Train, Attempt: 1 }), cancellation);
    }

    private async Task<List<CycleView>> CyclesAsync(string state, CancellationToken cancellation)
    {
        var cycles = await _services["Orchestrator"].GetAsync<List<CycleView>>(Routes.Cycles, cancellation);
        return cycles.FirstOrDefault(cycle => CycleStates.IsFinal(cycle.State) && cycle.State != CycleStates.Completed) is { } ended
            ? throw new InvalidOperationException($"Cycle {ended.Id} is {ended.State}: {ended.Reason}\n{string.Join('\n', _services.Values.Select(service => service.Log))}")
            : [.. cycles.Where(cycle => cycle.State == state)];
    }

    private static async Task<Stop> StopAsync(string project, ServiceProcess service, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await service.SignalAsync("TERM");
        return new Stop(project, await service.WaitAsync(cancellation), clock.Elapsed, service.Log);
    }
}

/// <param name="HealthCheck">What the image's own check said; it throws where that failed.</param>
/// <param name="Process">/proc/⟨pid⟩/status of the container's first process, and below it its mounts.</param>
public sealed record Observation(bool Live, bool Ready, string HealthCheck, string Process);

public sealed record Stop(string Project, int ExitCode, TimeSpan Took, string Log);
