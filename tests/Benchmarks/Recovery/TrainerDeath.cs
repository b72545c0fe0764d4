using System.Diagnostics;
using VerSemi.DistributedKit;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Training;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;

namespace VerSemi.Benchmarks.Recovery;

/// <summary>A long training whose trainer dies again and again; another waits each time.</summary>
internal sealed class TrainerDeath(DistributedSystem system, ServiceProcess orchestrator, Random random)
{
    private const int CheckpointEvery = 50;

    private readonly AzureBlobStore _blobs = system.OpenBlobs();

    public static async Task<IReadOnlyList<Times>> MeasureAsync(int repeats, Random random, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var recipe = QuickRecipe.Write(folder["recipe.json"], steps: 1_000_000, CheckpointEvery);
        await using var system = await DistributedSystem.StartAsync(new Dictionary<string, string> { ["Orchestrator:Lines:main:Recipe"] = recipe }, cancellation: cancellation);
        var orchestrator = await system.AddAsync("Orchestrator", cancellation: cancellation);
        await Task.WhenAll(system.AddAsync("Ingest", cancellation: cancellation), system.AddAsync("GpuTrainer", cancellation: cancellation));
        await orchestrator.DropAsync(TinyDataset.Write(folder["tiny"]), cancellation: cancellation);
        var death = new TrainerDeath(system, orchestrator, random);
        var (detected, resumed, lost) = (new List<double>(), new List<double>(), new List<double>());
        for (var attempt = 1; attempt <= repeats; attempt++)
        {
            var (detection, resumption, steps) = await death.InAttemptAsync(attempt, cancellation);
            detected.Add(detection);
            resumed.Add(resumption);
            lost.Add(steps);
        }
        return
        [
            new Times("a trainer: until its attempt has ended as expired", detected, "s", "≤ 60 s"),
            new Times("a trainer: until another has the lease", resumed, "s", ""),
            new Times("a trainer: steps that were trained again", lost, "steps", $"≤ {CheckpointEvery}, the checkpoint interval"),
        ];
    }

    private async Task<(double Detected, double Resumed, double Lost)> InAttemptAsync(int number, CancellationToken cancellation)
    {
        await Eventually.TrueAsync($"attempt {number} has made a checkpoint of its own", async () =>
            await RunAsync(cancellation) is { Work: WorkKind.Train } run && run.Attempt == number && await LastStepAsync(run.Id, number, cancellation) is not null, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(10 * random.NextDouble()), cancellation);
        await system.Running.Single(process => process.Project == "GpuTrainer").KillAsync();
        var clock = Stopwatch.StartNew();
        var run = (await RunAsync(cancellation))!;
        var checkpoint = (await LastStepAsync(run.Id, number, cancellation))!.Value;
        var waiting = system.AddAsync("GpuTrainer", cancellation: cancellation);
        await Eventually.TrueAsync($"attempt {number} is expired", async () => (await DetailAsync(run.Id, cancellation)).Attempts.Any(attempt => attempt.Number == number && attempt.Outcome == "Expired"), cancellation);
        var detected = clock.Elapsed.TotalSeconds;
        await waiting;
        await Eventually.TrueAsync($"attempt {number + 1} is there", async () => (await RunAsync(cancellation))?.Attempt == number + 1, cancellation);
        return (detected, clock.Elapsed.TotalSeconds, await LastKnownAsync(run.Id, number, cancellation) - checkpoint);
    }

    /// <summary>The last step that anything tells of: the heartbeat or the curves.</summary>
    private async Task<int> LastKnownAsync(string run, int attempt, CancellationToken cancellation)
    {
        var told = (await DetailAsync(run, cancellation)).Attempts.Single(one => one.Number == attempt).Progress?.Done ?? 0;
        return Math.Max(told, await LastStepAsync(run, attempt, cancellation) ?? 0);
    }

    private async Task<int?> LastStepAsync(string run, int attempt, CancellationToken cancellation) =>
        (await _blobs.TryReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints(run, attempt) + "last.json", DomainJson.Readable, cancellation))?.Value.Step;

    private async Task<RunView?> RunAsync(CancellationToken cancellation) =>
        (await orchestrator.GetAsync<List<RunView>>(Routes.Runs, cancellation)).SingleOrDefault();

    private Task<RunDetail> DetailAsync(string run, CancellationToken cancellation) => orchestrator.GetAsync<RunDetail>(Routes.Run(run), cancellation);
}
