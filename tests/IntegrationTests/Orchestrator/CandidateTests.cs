using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class CandidateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_three_seeds_the_best_on_validation_is_evaluated_and_promoted()
    {
        var script = new TrainerScript { Validation = run => run.Seed == 2 ? 0.9 : 0.5, Candidate = (run, _) => run.Seed == 2 ? 0.8 : 0.99 };
        await using var platform = await StartAsync(script, 1, 2, 3);
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);

        Assert.Equal((CycleStates.Completed, 2), (cycle.State, cycle.Seed));
        Assert.Equal([0.5, 0.9, 0.5], cycle.Candidates!.Select(candidate => candidate.Dice));
        Assert.Equal(cycle.Candidates![1].Run, cycle.Run);
        Assert.Equal([cycle.Run], script.Leases.Where(lease => lease.Work == WorkKind.Evaluate).Select(lease => lease.Run));
        Assert.Equal(3, script.Leases.Where(lease => lease.Work == WorkKind.Train).Select(lease => lease.Run).Distinct().Count());
        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle.Id));
        Assert.Contains(detail.Timeline, row => row.Event == "chosen" && row.Detail!.Contains("0.900", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], (await platform.GetAsync<List<RunView>>(Routes.Runs)).Select(run => run.Seed).Order());
    }

    [Fact]
    public async Task A_candidate_that_fails_leaves_the_choice_to_the_others()
    {
        var script = new TrainerScript { Failure = FailureKind.Data, Validation = run => run.Seed };
        await using var platform = await StartAsync(script, 1, 2);
        script.BeforeWork = async (lease, _) =>
        {
            var run = (await platform.GetAsync<List<RunView>>(Routes.Runs)).First(run => run.Id == lease.Run);
            if (run.Seed == 2)
                throw new InvalidOperationException("its data is damaged");
        };
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);

        Assert.Equal((CycleStates.Completed, 1), (cycle.State, cycle.Seed));
        Assert.Equal([RunStates.Trained, RunStates.Failed], cycle.Candidates!.Select(candidate => candidate.End));
        Assert.Contains("damaged", cycle.Candidates![1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_every_candidate_fails_the_cycle_fails_with_their_reasons()
    {
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (_, _) => throw new InvalidOperationException("damaged") };
        await using var platform = await StartAsync(script, 1, 2);
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);

        Assert.Equal(CycleStates.Failed, cycle.State);
        Assert.Contains("damaged", cycle.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancel_reaches_every_candidate_whether_it_waits_trains_or_is_trained()
    {
        var script = new TrainerScript();
        await using var platform = await StartAsync(script, 1, 2, 3);
        var trained = 0;
        script.BeforeWork = (_, stop) => Interlocked.Increment(ref trained) == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, stop);
        await Data.CommitAsync(platform.Blobs, "liver");
        await Eventually.TrueAsync("one is trained, one at work", async () =>
            (await platform.GetAsync<List<RunView>>(Routes.Runs)).Select(run => run.State).Order().SequenceEqual([RunStates.Leased, RunStates.Queued, RunStates.Trained]), TestContext.Current.CancellationToken);

        await platform.PostAsync<CycleView>(Routes.CancelCycle("main-1"), new HumanAct("ann"));
        Assert.Equal(CycleStates.Cancelled, (await platform.CycleAsync(1)).State);
        Assert.All(await platform.GetAsync<List<RunView>>(Routes.Runs), run => Assert.Equal(RunStates.Cancelled, run.State));
    }

    private Task<TestPlatform> StartAsync(TrainerScript script, params int[] seeds) =>
        TestPlatform.StartAsync(_folder, new() { Script = script, Configure = options => options.Lines["main"].Seeds.AddRange(seeds) });
}
