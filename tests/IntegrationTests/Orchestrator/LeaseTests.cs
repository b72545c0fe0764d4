using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly RunProgress Progress = new("stage 1", 1, 2);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lease_that_runs_out_becomes_attempt_2_and_the_first_worker_is_fenced()
    {
        var time = new ShiftedTime();
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.Lease = Lease, Trainer = false, Time = time });
        var run = await QueuedRunAsync(platform);
        var first = await ClaimAsync(platform, run, "one");
        Assert.Equal((true, 1, WorkKind.Train), (first.Granted, first.Attempt, first.Work));
        Assert.Equal(LeaseStanding.Continue, await BeatAsync(platform, run, 1, "one"));
        Assert.False((await ClaimAsync(platform, run, "two")).Granted);

        time.Advance(Lease);
        await Eventually.TrueAsync("the lease ran out", async () => (await RunAsync(platform, run)).Run.State == RunStates.Queued, Cancellation);
        var second = await ClaimAsync(platform, run, "two");
        Assert.Equal((true, 2), (second.Granted, second.Attempt));
        Assert.Equal(LeaseStanding.Fenced, await BeatAsync(platform, run, 1, "one"));
        Assert.Equal(LeaseStanding.Fenced, await EndAsync(platform, new EndLease(run, 1, "one", WorkKind.Train, WorkOutcome.HandedBack)));
        Assert.Equal(LeaseStanding.Continue, await BeatAsync(platform, run, 2, "two"));

        var detail = await RunAsync(platform, run);
        Assert.Equal(["Expired", null], detail.Attempts.Select(attempt => attempt.Outcome));
        Assert.Contains(detail.Timeline, row => row.Event == "refused");
        Assert.Equal((RunStates.Leased, "two"), (detail.Run.State, detail.Run.Worker));
    }

    [Fact]
    public async Task A_finished_training_whose_end_was_never_heard_is_found_again()
    {
        var time = new ShiftedTime();
        var died = new TaskCompletionSource();
        var script = new TrainerScript { SaysEnd = lease => lease.Attempt != 1 || !died.TrySetResult() };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script, Configure = options => options.Lease = Lease, Time = time });
        await Data.CommitAsync(platform.Blobs, "liver");
        await died.Task.WaitAsync(Eventually.Patience, Cancellation);
        time.Advance(Lease);
        var cycle = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Completed, cycle.State);
        Assert.Equal([(1, WorkKind.Train), (2, WorkKind.Evaluate)], script.Leases.Select(lease => (lease.Attempt, lease.Work)).Order());
        Assert.Contains((await RunAsync(platform, cycle.Run!)).Timeline, row => row.Event == "found");
    }

    [Theory]
    [InlineData(FailureKind.Data, 1)]
    [InlineData(FailureKind.Code, 2)]
    [InlineData(FailureKind.OutOfMemory, 3)]
    public async Task A_run_fails_when_the_budget_of_its_kind_of_failure_is_spent(FailureKind kind, int attempts)
    {
        var script = new TrainerScript { Failure = kind, BeforeWork = (_, _) => throw new InvalidOperationException("no good") };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script, Configure = options => options.RetryPause = TimeSpan.FromMilliseconds(10) });
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Failed, cycle.State);
        Assert.Contains("no good", cycle.Reason, StringComparison.Ordinal);
        Assert.Equal(attempts, (await RunAsync(platform, cycle.Run!)).Attempts.Count);
    }

    [Fact]
    public async Task A_failed_cycle_started_again_by_a_person_goes_on_with_the_same_run()
    {
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (_, _) => throw new InvalidOperationException("no good") };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var failed = await platform.CycleAsync(1);
        script.BeforeWork = (_, _) => Task.CompletedTask;
        await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann"));
        var second = await platform.CycleAsync(2);
        Assert.Equal((CycleStates.Completed, failed.Run), (second.State, second.Run));
    }

    [Fact]
    public async Task A_cancelled_cycle_shows_cancelling_until_its_worker_has_stopped()
    {
        var stopping = new TaskCompletionSource();
        var script = new TrainerScript
        {
            BeforeWork = async (_, stop) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, stop);
                }
                catch (OperationCanceledException)
                {
                    await stopping.Task;
                    throw;
                }
            },
        };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1, CycleStates.Training);
        await Eventually.TrueAsync("leased", async () => (await RunAsync(platform, cycle.Run!)).Run.State == RunStates.Leased, Cancellation);
        var cancelling = await platform.PostAsync<CycleView>(Routes.CancelCycle(cycle.Id), new HumanAct("ann", "wrong data"));
        Assert.Equal(CycleStates.Cancelling, cancelling.State);
        stopping.SetResult();
        var cancelled = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Cancelled, cancelled.State);
        Assert.Contains("wrong data", cancelled.Reason, StringComparison.Ordinal);
        Assert.Empty(await platform.LedgerAsync());
        Assert.Single(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
    }

    [Fact]
    public async Task Repeated_late_and_reordered_messages_change_nothing()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var run = await QueuedRunAsync(platform);
        Assert.Equal(LeaseStanding.Fenced, await EndAsync(platform, new EndLease(run, 1, "one", WorkKind.Train, WorkOutcome.Done)));
        Assert.False((await ClaimAsync(platform, "nothing", "one")).Granted);
        await ClaimAsync(platform, run, "one");
        var handBack = new EndLease(run, 1, "one", WorkKind.Train, WorkOutcome.HandedBack);
        Assert.Equal(LeaseStanding.Continue, await EndAsync(platform, handBack));
        Assert.Equal(LeaseStanding.Continue, await EndAsync(platform, handBack));
        await ClaimAsync(platform, run, "one");
        Assert.Equal(LeaseStanding.Continue, await EndAsync(platform, handBack with { Attempt = 2, Outcome = WorkOutcome.Failed, Failure = FailureKind.Infrastructure, Reason = "disk" }));
        Assert.Equal(LeaseStanding.Fenced, await EndAsync(platform, handBack with { Attempt = 2 }));
        var detail = await RunAsync(platform, run);
        Assert.Equal(["HandedBack", "Failed"], detail.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(RunStates.Queued, detail.Run.State);
    }

    [Fact]
    public async Task What_a_worker_notes_is_in_the_runs_timeline_once()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var run = await QueuedRunAsync(platform);
        await ClaimAsync(platform, run, "one");
        var beat = new Heartbeat(run, 1, "one", Progress, ["a first thing", "a second"]);
        for (var repeated = 0; repeated < 2; repeated++)
            await platform.Bus.AskAsync<Heartbeat, HeartbeatAnswer>(Queues.Leases, beat, Eventually.Patience, Cancellation);
        Assert.Equal(LeaseStanding.Fenced, (await platform.Bus.AskAsync<Heartbeat, HeartbeatAnswer>(Queues.Leases, beat with { Attempt = 2, Notes = ["nobody listens"] }, Eventually.Patience, Cancellation)).Standing);
        await EndAsync(platform, new EndLease(run, 1, "one", WorkKind.Train, WorkOutcome.HandedBack, Notes: ["a second", "the last"]));
        Assert.Equal(["a first thing", "a second", "the last"], (await RunAsync(platform, run)).Timeline.Where(row => row.Event == "note").Select(row => row.Detail));
    }

    [Fact]
    public async Task A_worker_that_says_done_without_a_result_has_failed()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var run = await QueuedRunAsync(platform);
        await ClaimAsync(platform, run, "one");
        await EndAsync(platform, new EndLease(run, 1, "one", WorkKind.Train, WorkOutcome.Done));
        Assert.Contains("result.json", (await RunAsync(platform, run)).Attempts.Single().Reason, StringComparison.Ordinal);
    }

    private static async Task<string> QueuedRunAsync(TestPlatform platform)
    {
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1, CycleStates.Training);
        await Eventually.TrueAsync("the run is queued", async () =>
            (await platform.GetAsync<List<RunView>>(Routes.Runs)).Any(run => run.State == RunStates.Queued), Cancellation);
        return cycle.Run!;
    }

    private static Task<LeaseAnswer> ClaimAsync(TestPlatform platform, string run, string worker) =>
        platform.Bus.AskAsync<ClaimLease, LeaseAnswer>(Queues.Leases, new ClaimLease(run, worker), Eventually.Patience, Cancellation);

    private static async Task<LeaseStanding> BeatAsync(TestPlatform platform, string run, int attempt, string worker) =>
        (await platform.Bus.AskAsync<Heartbeat, HeartbeatAnswer>(Queues.Leases, new Heartbeat(run, attempt, worker, Progress), Eventually.Patience, Cancellation)).Standing;

    private static async Task<LeaseStanding> EndAsync(TestPlatform platform, EndLease end) =>
        (await platform.Bus.AskAsync<EndLease, HeartbeatAnswer>(Queues.Leases, end, Eventually.Patience, Cancellation)).Standing;

    private static Task<RunDetail> RunAsync(TestPlatform platform, string run) => platform.GetAsync<RunDetail>(Routes.Run(run));
}
