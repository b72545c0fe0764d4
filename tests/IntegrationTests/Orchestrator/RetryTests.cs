using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class RetryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WorkKind.Train, CycleStates.Training)]
    [InlineData(WorkKind.Evaluate, CycleStates.Evaluating)]
    public async Task A_cycle_whose_run_failed_goes_on_with_the_same_run_where_it_failed(WorkKind fails, string state)
    {
        var broken = true;
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (lease, _) => broken && lease.Work == fails ? throw new InvalidOperationException("the disk was gone") : Task.CompletedTask };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var failed = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Failed, failed.State);

        // Twice in vain: each retry is one more attempt, no more and no fewer.
        for (var retry = 1; retry <= 2; retry++)
        {
            await platform.PostAsync<CycleView>(Routes.RetryCycle(failed.Id), new HumanAct("ann", "try again"));
            await Eventually.TrueAsync($"failure {retry + 1}", async () => await FailuresAsync(platform, failed.Id) == retry + 1, TestContext.Current.CancellationToken);
        }
        Assert.Equal(3, script.Leases.Count(lease => lease.Work == fails));
        broken = false;
        await platform.PostAsync<CycleView>(Routes.RetryCycle(failed.Id), new HumanAct("ann", "the disk is back"));
        await platform.CycleAsync(1, CycleStates.Completed);

        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(failed.Id));
        Assert.Equal(3, detail.Timeline.Count(row => row.From == CycleStates.Failed && row.To == state));
        Assert.Contains(detail.Timeline, row => row.Who == "ann" && row.Detail!.Contains("the disk is back", StringComparison.Ordinal));
        Assert.Equal(failed.Run, Assert.Single(await platform.GetAsync<List<RunView>>(Routes.Runs)).Id);
        Assert.Equal(fails == WorkKind.Train ? 4 : 1, script.Leases.Count(lease => lease.Work == WorkKind.Train));
    }

    [Fact]
    public void Every_kind_of_failure_is_counted_and_has_a_budget() => Assert.All(Enum.GetValues<FailureKind>(), kind =>
    {
        Assert.Equal(1, new Run().Count(kind));
        Assert.InRange(new RetryBudget().Of(kind), 0, 1000);
    });

    [Fact]
    public async Task Numbers_that_are_not_finite_are_tried_again_and_blame_no_data_before_another_worker_has_failed_too()
    {
        var script = new TrainerScript { Failure = FailureKind.Numerics, BeforeWork = (_, _) => throw new InvalidOperationException("The loss is NaN at step 3.") };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var failed = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Failed, failed.State);
        Assert.Equal(1 + new RetryBudget().Numerics, script.Leases.Count);

        var run = Assert.Single(await platform.GetAsync<List<RunView>>(Routes.Runs)).Id;
        var detail = await platform.GetAsync<RunDetail>(Routes.Run(run));
        Assert.All(detail.Attempts, attempt => Assert.Equal(FailureKind.Numerics, attempt.Failure));
        Assert.Contains(detail.Timeline, row => row.Event == "retry" && row.Detail!.Contains("The loss is NaN at step 3.", StringComparison.Ordinal)
            && row.Detail.Contains("on one worker alone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cycle_whose_step_failed_goes_on_with_that_step()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.Retries = options.Retries with { Infrastructure = 0 } });
        var version = await Data.CommitAsync(platform.Blobs, "liver");
        var path = BlobLayout.DatasetManifest("liver", version);
        await platform.CycleAsync(1);
        var second = await Data.CommitAsync(platform.Blobs, "spleen");
        await platform.CycleAsync(2);
        var manifest = await File.ReadAllTextAsync(_folder[$"data/{path}"], TestContext.Current.CancellationToken);
        await platform.Blobs.DeleteAsync(path, TestContext.Current.CancellationToken);
        await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann", Seed: 2));
        var failed = await platform.CycleAsync(3);
        Assert.Equal((CycleStates.Failed, null), (failed.State, failed.Run));
        await platform.Blobs.WriteTextAsync(path, manifest, cancellation: TestContext.Current.CancellationToken);

        await platform.PostAsync<CycleView>(Routes.RetryCycle(failed.Id), new HumanAct("ann"));
        var over = await platform.CycleAsync(3, CycleStates.Completed, CycleStates.Rejected);
        Assert.NotNull(over.Run);
        Assert.Equal([$"liver/{version}", $"spleen/{second}"], over.Datasets);
    }

    [Fact]
    public async Task Of_several_candidates_that_failed_all_are_trained_on_and_one_is_chosen()
    {
        var broken = true;
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (_, _) => broken ? throw new InvalidOperationException("the disk was gone") : Task.CompletedTask };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script, Configure = options => options.Lines["main"].Seeds.AddRange([1, 2]) });
        await Data.CommitAsync(platform.Blobs, "liver");
        Assert.Equal(CycleStates.Failed, (await platform.CycleAsync(1)).State);
        broken = false;
        await platform.PostAsync<CycleView>(Routes.RetryCycle("main-1"), new HumanAct("ann"));
        await platform.CycleAsync(1, CycleStates.Completed);

        Assert.Equal(2, script.Leases.Where(lease => lease.Work == WorkKind.Train && lease.Attempt == 2).Select(lease => lease.Run).Distinct().Count());
        Assert.Single(script.Leases, lease => lease.Work == WorkKind.Evaluate);
    }

    [Fact]
    public async Task A_candidate_that_failed_its_training_stays_as_it_is_when_the_chosen_one_is_evaluated_again()
    {
        var broken = true;
        string? failing = null;
        var script = new TrainerScript
        {
            Failure = FailureKind.Data,
            BeforeWork = (lease, _) => broken && (lease.Work == WorkKind.Evaluate || lease.Run == (failing ??= lease.Run)) ? throw new InvalidOperationException("the disk was gone") : Task.CompletedTask,
        };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script, Configure = options => options.Lines["main"].Seeds.AddRange([1, 2]) });
        await Data.CommitAsync(platform.Blobs, "liver");
        Assert.Equal(CycleStates.Failed, (await platform.CycleAsync(1)).State);
        broken = false;
        await platform.PostAsync<CycleView>(Routes.RetryCycle("main-1"), new HumanAct("ann"));
        var cycle = await platform.CycleAsync(1, CycleStates.Completed);

        var runs = await platform.GetAsync<List<RunView>>(Routes.Runs);
        Assert.Equal([$"{failing} main-1 Failed", $"{cycle.Run} main-1 Evaluated"], runs.OrderBy(run => run.Id != failing).Select(run => $"{run.Id} {run.Cycle} {run.State}"));
    }

    [Fact]
    public async Task What_did_not_fail_or_is_not_the_newest_is_refused_with_the_reason()
    {
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (_, _) => throw new InvalidOperationException("no") };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        script.BeforeWork = (_, _) => Task.CompletedTask;
        await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann", Seed: 2));
        await platform.CycleAsync(2);

        Assert.Contains("not the newest", await RefusalAsync(platform, "main-1"), StringComparison.Ordinal);
        Assert.Contains("main-2 is Completed", await RefusalAsync(platform, "main-2"), StringComparison.Ordinal);
    }

    private static async Task<int> FailuresAsync(TestPlatform platform, string cycle) =>
        (await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle))).Timeline.Count(row => row.To == CycleStates.Failed);

    private static async Task<string> RefusalAsync(TestPlatform platform, string cycle)
    {
        using var answer = await platform.Http.PostAsJsonAsync(Routes.RetryCycle(cycle), new HumanAct("ann"), DomainJson.Canonical, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
