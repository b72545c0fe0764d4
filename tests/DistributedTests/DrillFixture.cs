using System.Text.Json.Nodes;
using VerSemi.DistributedKit;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests;

/// <summary>Two orchestrators and two trainers with a dataset to train on; every test breaks it, and gets it whole again.</summary>
public sealed class DrillFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private int _seed = 100;

    public DistributedSystem System { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var recipe = QuickRecipe.Write(_folder["recipe.json"], steps: 80, checkpointEvery: 20);
        System = await DistributedSystem.StartAsync(QuickSettings.With(
            ("Orchestrator:Lines:main:Recipe", recipe), ("Blobs:LeaseSeconds", "15"), ("Blobs:NetworkTimeout", "00:00:03"), ("Blobs:Retries", "2")), await ServerSet.OwnAsync(cancellation), cancellation);
        await WholeAsync(cancellation);
        await Any.DropAsync(TinyDataset.Write(_folder["tiny"]), cancellation: cancellation);
        await Eventually.TrueAsync("the dataset has its first cycle", async () => (await CyclesAsync(cancellation)).Count > 0, cancellation);
    }

    public ServiceProcess Any => System.Running.First(process => process.Project == "Orchestrator");

    /// <summary>Nothing is under way, and every service runs.</summary>
    public async Task CalmAsync(CancellationToken cancellation)
    {
        await WholeAsync(cancellation);
        await Eventually.TrueAsync("all is calm", async () =>
            (await CyclesAsync(cancellation)).All(cycle => CycleStates.IsFinal(cycle.State)) && (await Any.GetAsync<StatusView>(Routes.Status, cancellation)) is { Trouble.Count: 0, OpenDrops.Count: 0 }, cancellation);
    }

    /// <summary>A training of its own is under way, and has told its progress.</summary>
    public async Task TrainAsync(CancellationToken cancellation)
    {
        await CalmAsync(cancellation);
        await Any.PostAsync<CycleView>(Routes.Cycles, new StartCycle("a test", Seed: _seed++), cancellation);
        await Eventually.TrueAsync("a training is under way", async () =>
            (await Any.GetAsync<List<RunView>>(Routes.Runs, cancellation)).Any(run => run is { State: RunStates.Leased, Progress.Done: > 0 }), cancellation);
    }

    public async Task<(int ExitCode, JsonNode Report)> DrillAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--yes", "--json"]);
        TestContext.Current.TestOutputHelper!.WriteLine($"{errors}{output}");
        Assert.True(output.Length > 0, errors);
        return (code, JsonNode.Parse(output)!);
    }

    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => VersemiProcess.RunAsync(
        ["drill", .. arguments, .. System.Running.Where(process => process.Project == "Orchestrator").SelectMany(process => new[] { "--server", $"{process.Url}" })],
        cancellation: TestContext.Current.CancellationToken);

    /// <summary>A shell command that lets the test do something, and ends when that is done.</summary>
    public (string Command, Task Done) Callback(Func<Task> act, CancellationToken cancellation)
    {
        var asked = _folder[$"ask-{Guid.NewGuid():N}"];
        var done = Task.Run(async () =>
        {
            await Eventually.TrueAsync("the drill asks", () => Task.FromResult(File.Exists(asked)), cancellation);
            await act();
            await File.WriteAllTextAsync($"{asked}.done", "", cancellation);
        }, cancellation);
        return ($"touch {asked}; until [ -e {asked}.done ]; do sleep 0.05; done", done);
    }

    private async Task WholeAsync(CancellationToken cancellation)
    {
        var missing = new[] { "Orchestrator", "Orchestrator", "Ingest", "GpuTrainer", "GpuTrainer" }.ToList();
        foreach (var process in System.Running)
            missing.Remove(process.Project);
        await Task.WhenAll(missing.Select(project => System.AddAsync(project, cancellation: cancellation)));
    }

    private Task<List<CycleView>> CyclesAsync(CancellationToken cancellation) => Any.GetAsync<List<CycleView>>(Routes.Cycles, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (System is not null)
            await System.DisposeAsync();
        _folder.Dispose();
    }
}
