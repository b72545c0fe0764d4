using System.Diagnostics;
using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Faults;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Upgrade;

/// <summary>Services are replaced one by one while they work: first all by newer ones, then all by the old ones again.</summary>
public sealed class RollingUpgradeTests : IDisposable
{
    private static readonly string[] _services = ["GpuTrainer", "Orchestrator", "Ingest"];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_upgrade_and_a_downgrade_with_a_training_under_way_lose_and_double_nothing()
    {
        var recipe = QuickRecipe.Write(_folder["recipe.json"], steps: 250, checkpointEvery: 25);
        await using var system = await DistributedSystem.StartAsync(QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe)), cancellation: Cancellation);
        system.HowToStart = OldRelease.Start;
        await Task.WhenAll(_services.Select(project => system.AddAsync(project, cancellation: Cancellation)));
        await DropAsync(system, 1);

        var upgraded = await ReplaceAsync(system, cycle: 1, by: null);
        await DropAsync(system, 2);
        var downgraded = await ReplaceAsync(system, cycle: 2, by: OldRelease.Start);

        TestContext.Current.TestOutputHelper!.WriteLine($"Upgraded in {upgraded.TotalSeconds:0.0} s, downgraded in {downgraded.TotalSeconds:0.0} s, each until its cycle was over");
        var found = await Outcome.ReadAsync(Orchestrator(system), system.OpenBlobs(), ["tiny1", "tiny2"], Cancellation);
        Assert.True(found.IsSound, $"{found}");
        Assert.Equal(found.Cycles, found.Weights.Count);
    }

    /// <summary>Beside each service comes another, and the first is told to stop: the trainer amid its training, the orchestrator amid the cycle.</summary>
    private static async Task<TimeSpan> ReplaceAsync(DistributedSystem system, int cycle, ProgramStart? by)
    {
        await TrainsAsync(system, cycle);
        var clock = Stopwatch.StartNew();
        var before = system.Running;
        system.HowToStart = by;
        foreach (var project in _services)
        {
            var old = before.Single(process => process.Project == project);
            await system.AddAsync(project, cancellation: Cancellation);
            await old.SignalAsync("TERM");
            Assert.True(await old.WaitAsync(Cancellation) == 0, old.Log);
        }
        var ended = await Eventually.GetAsync($"cycle {cycle} is over", async () => (await CyclesAsync(system)).Find(one => one.Number == cycle && CycleStates.IsFinal(one.State)), Cancellation);
        Assert.True(ended.State == CycleStates.Completed, $"{ended.State}: {ended.Reason}");
        var attempts = (await Orchestrator(system).GetAsync<RunDetail>(Routes.Run(ended.Run!), Cancellation)).Attempts;
        Assert.True(attempts.Count(attempt => attempt.Work == WorkKind.Train) == 2, string.Join("; ", attempts));
        return clock.Elapsed;
    }

    private Task DropAsync(DistributedSystem system, int number) =>
        Orchestrator(system).DropAsync(TinyDataset.Write(_folder[$"tiny{number}"], seed: number), cancellation: Cancellation);

    private static Task TrainsAsync(DistributedSystem system, int cycle) => Eventually.TrueAsync("a training is under way", async () =>
        (await Orchestrator(system).GetAsync<List<RunView>>(Routes.Runs, Cancellation)).Any(run => run is { State: RunStates.Leased, Progress.Done: > 0 } && run.Cycle == $"main-{cycle}"), Cancellation);

    private static Task<List<CycleView>> CyclesAsync(DistributedSystem system) => Orchestrator(system).GetAsync<List<CycleView>>(Routes.Cycles, Cancellation);

    private static ServiceProcess Orchestrator(DistributedSystem system) => system.Running.Last(process => process.Project == "Orchestrator");
}
