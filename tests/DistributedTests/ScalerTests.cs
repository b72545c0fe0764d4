using System.Diagnostics;
using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Scaling;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests;

/// <summary>One message, one pod: a scaler that only sees the training queue and the pods' readiness starts as many as are needed, however many die. VERSEMI_LONG=1: 20 messages and 5 deaths instead of 8 and 2.</summary>
public sealed class ScalerTests
{
    private const int MaxReplicas = 3;
    private static readonly int SeedsOfALine = TestLength.IsLong ? 10 : 4;
    private static readonly int Runs = 2 * SeedsOfALine;
    private static readonly int Kills = TestLength.IsLong ? 5 : 2;

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(5, 0, 0, 3)]
    [InlineData(2, 0, 0, 2)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 0, 1)]
    [InlineData(20, 3, 3, 0)]
    [InlineData(20, 2, 0, 1)]
    public void The_scaler_starts_a_job_for_each_message_that_no_pending_job_will_take(long ready, int running, int pending, int expected) =>
        Assert.Equal(expected, AccurateScaling.JobsToStart(ready, running, pending, MaxReplicas));

    [Fact]
    public async Task Each_call_gives_one_result_by_one_shot_workers_some_of_which_are_killed()
    {
        var (cancellation, output) = (TestContext.Current.CancellationToken, TestContext.Current.TestOutputHelper!);
        var clock = Stopwatch.StartNew();
        using var folder = new TempFolder();
        await using var system = await DistributedSystem.StartAsync(Settings(QuickRecipe.Write(folder["recipe.json"], steps: 20, checkpointEvery: 5)), cancellation: cancellation);
        var orchestrator = await system.AddAsync("Orchestrator", cancellation: cancellation);
        await system.AddAsync("Ingest", cancellation: cancellation);
        await IsReadyOnlyWithALeaseAsync(system, cancellation);

        var scaler = new JobScaler(system, MaxReplicas, TimeSpan.FromSeconds(1), line => output.WriteLine($"{clock.Elapsed.TotalSeconds:0} s: {line}"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var scaling = scaler.RunAsync(stop.Token);
        await orchestrator.DropAsync(TinyDataset.Write(folder["tiny"]), cancellation: cancellation);
        var killed = await KillSomeAsync(scaler, cancellation);
        await AllEndAsync(orchestrator, cancellation);
        await Eventually.TrueAsync("no job is left", () => Task.FromResult(scaler.Jobs.All(job => !job.IsRunning)), cancellation);
        await stop.CancelAsync();
        await scaling;

        output.WriteLine($"{clock.Elapsed.TotalSeconds:0} s: {Runs} runs: {scaler.Jobs.Count} jobs, {killed.Count} killed, at most {scaler.MostRunning} at once, at most {scaler.MostReady} messages waiting");
        await EachRunWasTrainedOnceAsync(system, orchestrator, output, cancellation);
        foreach (var job in scaler.Jobs.Where(job => !killed.Contains(job)))
            Assert.True(await job.WaitAsync(cancellation) == 0, job.Log);
        Assert.Equal(["Ingest", "Orchestrator"], system.Running.Select(process => process.Project).Order());
        Assert.InRange(scaler.MostRunning, 2, MaxReplicas);
        await NothingIsLeftInQueuesAsync(system, scaler, cancellation);
    }

    private static Dictionary<string, string> Settings(string recipe)
    {
        var lines = new[] { "main", "second" };
        return QuickSettings.With(
        [
            ("Orchestrator:Heartbeat", "00:00:02"), ("Orchestrator:Lease", "00:00:12"), ("Trainer:OneShotWait", "00:00:10"),
            .. lines.Select(line => ($"Orchestrator:Lines:{line}:Recipe", recipe)),
            .. lines.SelectMany(line => Enumerable.Range(0, SeedsOfALine).Select(i => ($"Orchestrator:Lines:{line}:Seeds:{i}", $"{i + 1}"))),
        ]);
    }

    /// <summary>Nothing waits: it is alive, never ready, and exits with 0.</summary>
    private static async Task IsReadyOnlyWithALeaseAsync(DistributedSystem system, CancellationToken cancellation)
    {
        var idle = system.Start("GpuTrainer", ["--one-shot"]);
        await Eventually.TrueAsync("it is alive", () => idle.ProbeAsync(ServiceProcess.LiveProbe, cancellation), cancellation);
        await Eventually.TrueAsync("it has ended", async () =>
        {
            Assert.False(await idle.ProbeAsync(ServiceProcess.ReadyProbe, cancellation), "It holds no lease, and yet it is ready.");
            return !idle.IsRunning;
        }, cancellation);
        Assert.Equal(0, await idle.WaitAsync(cancellation));
    }

    /// <summary>At random moments, pending or at work.</summary>
    private static async Task<List<ServiceProcess>> KillSomeAsync(JobScaler scaler, CancellationToken cancellation)
    {
        var (random, killed) = (new Random(1), new List<ServiceProcess>());
        while (killed.Count < Kills)
        {
            var polls = scaler.Polls + 1 + random.Next(5);
            await Eventually.TrueAsync("the scaler has polled some times more", () => Task.FromResult(scaler.Polls >= polls), cancellation);
            var running = scaler.Jobs.Where(job => job.IsRunning).ToList();
            if (running.Count == 0)
                continue;
            var victim = running[random.Next(running.Count)];
            await victim.KillAsync();
            if (await victim.WaitAsync(cancellation) != 0)
                killed.Add(victim);
        }
        return killed;
    }

    private static Task AllEndAsync(ServiceProcess orchestrator, CancellationToken cancellation) =>
        Eventually.TrueAsync("both cycles are completed", TimeSpan.FromMinutes(15), async () =>
            (await orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation)).Count(cycle => cycle.State == CycleStates.Completed) == 2, cancellation);

    private static async Task EachRunWasTrainedOnceAsync(DistributedSystem system, ServiceProcess orchestrator, ITestOutputHelper output, CancellationToken cancellation)
    {
        var runs = await orchestrator.GetAsync<List<RunView>>(Routes.Runs, cancellation);
        Assert.Equal(Runs, runs.Count);
        var (blobs, attempts) = (system.OpenBlobs(), new List<AttemptView>());
        foreach (var run in runs)
        {
            var results = 0;
            for (var n = 1; n <= run.Attempt; n++)
                results += await blobs.FindAsync(BlobLayout.AttemptResult(run.Id, n), cancellation) is null ? 0 : 1;
            Assert.Equal(1, results);
            var detail = await orchestrator.GetAsync<RunDetail>(Routes.Run(run.Id), cancellation);
            Assert.InRange(detail.Attempts.Count(attempt => attempt is { Work: WorkKind.Train, Outcome: nameof(WorkOutcome.Done) }), 0, 1);
            attempts.AddRange(detail.Attempts);
        }
        output.WriteLine("Attempts: " + string.Join(", ", attempts.GroupBy(attempt => $"{attempt.Work} {attempt.Outcome}").OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}")));
        Assert.All(attempts, attempt => Assert.Contains(attempt.Outcome, (string[])[nameof(WorkOutcome.Done), "Expired"]));
    }

    /// <summary>A call that nobody heard in time is gone, and no dead letter; a run's calls do not heap up for the scaler.</summary>
    private static async Task NothingIsLeftInQueuesAsync(DistributedSystem system, JobScaler scaler, CancellationToken cancellation)
    {
        await using var queues = await QueueCounts.ConnectAsync(system.Rabbit, cancellation);
        await Eventually.TrueAsync("no call is left", async () => await queues.ReadyAsync(Queues.Training, cancellation) == 0, cancellation);
        foreach (var queue in new[] { Queues.Training, Queues.Leases, Queues.Ingest, Queues.Catalogue })
            Assert.Empty(await queues.DeadLettersAsync(queue, cancellation));
        Assert.InRange(scaler.MostReady, 1, Runs + MaxReplicas);
    }
}
