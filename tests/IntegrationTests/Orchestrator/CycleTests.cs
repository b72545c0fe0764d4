using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Models;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class CycleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_data_becomes_a_promoted_model()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        var version = await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);
        Assert.Equal((CycleStates.Completed, 1, 1), (cycle.State, cycle.Model, cycle.Generation));
        Assert.Equal([$"liver/{version}"], cycle.Datasets);

        var row = Assert.Single(await platform.LedgerAsync());
        Assert.Equal((1, 1, "promotion", 1), (row.Generation, row.Version, row.Kind, row.SealedSetUses));
        Assert.Equal(new ProductionPointer(1, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken));
        var model = await platform.GetAsync<ModelDetail>(Routes.Model("main", 1));
        Assert.Equal(["liver/organ"], model.Model.Tasks);
        Assert.True(model.Model.InProduction);

        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle.Id));
        Assert.Equal(
            ["Collecting", "Expanding", "Training", "Evaluating", "Judging", "Promoting", "Completed"],
            detail.Timeline.Where(row => row.Event == "state").Select(row => row.To));
        var run = await platform.GetAsync<RunDetail>(Routes.Run(cycle.Run!));
        Assert.Equal(["Train Done", "Evaluate Done"], run.Attempts.Select(attempt => $"{attempt.Work} {attempt.Outcome}"));
    }

    [Fact]
    public async Task A_second_dataset_grows_the_label_space_and_continues_from_the_champion()
    {
        var script = new TrainerScript();
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        var second = await platform.CycleAsync(2);
        Assert.Equal((CycleStates.Completed, 1, 2, 2), (second.State, second.Champion, second.Model, second.LabelSpace));
        var model = await platform.GetAsync<ModelDetail>(Routes.Model("main", 2));
        Assert.Equal(["liver/organ", "spleen/organ"], model.Model.Tasks);
        Assert.Equal("main/1", model.Model.Parent);
        Assert.Equal([2, 1], (await platform.LedgerAsync()).Select(row => row.Generation));
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Pending);
    }

    [Fact]
    public async Task A_known_task_in_a_modality_that_is_new_to_the_champion_is_judged_by_the_cases_that_it_can_read()
    {
        var script = new TrainerScript { Champion = 0.7, Candidate = (_, _) => 0.8 };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "mr-set");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "ct-set", modality: "CT", task: "mr-set/organ");
        var second = await platform.CycleAsync(2);
        Assert.Equal((CycleStates.Completed, 2), (second.State, second.Model));
        var verdict = Assert.Single((await platform.GetAsync<CycleDetail>(Routes.Cycle(second.Id))).Judgement!.Tasks);
        Assert.Equal((false, 8), (verdict.IsNew, verdict.Cases)); // of 16 sealed cases
    }

    [Fact]
    public async Task Drops_that_come_during_a_cycle_become_one_more_cycle()
    {
        var gate = new TaskCompletionSource();
        var script = new TrainerScript { BeforeWork = (_, stop) => gate.Task.WaitAsync(stop) };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1, CycleStates.Training);
        await Data.CommitAsync(platform.Blobs, "spleen");
        await Data.CommitAsync(platform.Blobs, "kidney", unlabelled: 3);
        gate.SetResult();
        var second = await platform.CycleAsync(2);
        Assert.Equal((CycleStates.Completed, 3), (second.State, second.Datasets.Count));
        Assert.Equal(2, (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Count);
    }

    [Fact]
    public async Task A_worse_candidate_is_rejected_and_the_same_data_starts_no_other_cycle_but_a_person_does()
    {
        var script = new TrainerScript { Candidate = (run, _) => run.Seed == 1 ? 0.1 : 0.8 };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var rejected = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Rejected, rejected.State);
        Assert.Contains("liver/organ", rejected.Reason, StringComparison.Ordinal);

        var again = await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann"));
        Assert.Equal(rejected.Id, again.Id);
        var other = await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann", "another seed", Seed: 2));
        Assert.Equal(2, other.Number);
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(2)).State);
        var row = Assert.Single(await platform.LedgerAsync());
        Assert.Equal(2, row.SealedSetUses);
    }

    [Fact]
    public async Task A_rejection_names_the_collapse_and_what_to_try_next_in_the_cycles_reason_and_its_judgement()
    {
        var script = new TrainerScript { Candidate = (_, _) => 0, Alarms = [new CollapseAlarm(40, new Collapse("liver/organ", CollapseKind.Empty, new PredictedShare(0, 0.01)))] };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var rejected = await platform.CycleAsync(1);
        var judgement = (await platform.GetAsync<CycleDetail>(Routes.Cycle(rejected.Id))).Judgement!;
        Assert.Contains("'liver/organ' on unlabelled images has collapsed to empty", Assert.Single(judgement.Alarms), StringComparison.Ordinal);
        Assert.Contains(judgement.Next, step => step.StartsWith("train longer", StringComparison.Ordinal));
        Assert.Contains("add labels: labelled training cases are 4 of 'liver/organ'", judgement.Next);
        Assert.Equal(judgement.Text, rejected.Reason);
        Assert.Contains("Alarm: the prediction of 'liver/organ'", (await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Cycle!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cycle_names_every_drop_that_it_took_also_those_that_another_drop_of_the_dataset_followed()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await CommitAsync(platform, "spleen", 12, 1, "spleen-2026");
        await CommitAsync(platform, "liver", 12, 1, "liver-a");
        await CommitAsync(platform, "liver", 14, 2, "withdrawal w-1");
        await CommitAsync(platform, "liver", 16, 3, "liver-b");
        var first = await platform.CycleAsync(1);
        Assert.Equal(["liver-a", "liver-b", "spleen-2026"], first.Drops);
        var timeline = (await platform.GetAsync<CycleDetail>(Routes.Cycle(first.Id))).Timeline;
        Assert.Contains(timeline, row => row.Event == "data" && row.Detail == "new to the line: drops liver-a, liver-b, spleen-2026");

        await CommitAsync(platform, "liver", 18, 4, "liver-c");
        Assert.Equal(["liver-c"], (await platform.CycleAsync(2)).Drops);
        Assert.Equal(["liver-c"], (await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Cycle!.Drops);
    }

    [Fact]
    public async Task A_drop_that_another_of_its_dataset_followed_before_any_cycle_is_of_the_cycle_that_took_both()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        var version = await CommitAsync(platform, "liver", 12, 1, "liver-a");
        await CommitAsync(platform, "liver", 14, 2, "liver-b");
        var report = new IngestReport { Drop = "liver-a", Fingerprint = "f", Outcome = IngestOutcome.Committed, Dataset = "liver", Version = version };
        await platform.Blobs.WriteJsonAsync(BlobLayout.DropReport("liver-a"), report, DomainJson.Readable, cancellation: TestContext.Current.CancellationToken);
        var cycle = await platform.CycleAsync(1);
        Assert.Equal(cycle.Id, (await platform.GetAsync<DropDetail>(Routes.Drop("liver-a"))).Drop.Cycle);
    }

    /// <summary>With the commit file that Ingest writes between manifest and head.</summary>
    private static async Task<string> CommitAsync(TestPlatform platform, string dataset, int cases, int generation, string drop)
    {
        var stop = TestContext.Current.CancellationToken;
        var version = await Data.CommitAsync(platform.Blobs, dataset, cases, generation, drop: drop);
        var manifest = await platform.Blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, version), DomainJson.Readable, stop);
        await platform.Blobs.WriteJsonAsync(BlobLayout.DatasetCommit(dataset, generation), new DatasetCommit(new DatasetHead(dataset, version, generation, drop), manifest), DomainJson.Readable, cancellation: stop);
        return version;
    }

    [Fact]
    public async Task Data_without_any_labelled_training_case_is_rejected_with_the_reason()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Data.CommitAsync(platform.Blobs, "scans", labelled: false, unlabelled: 4);
        var cycle = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Rejected, cycle.State);
        Assert.Contains("no task to train", cycle.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", CycleStates.Completed)]
    [InlineData("reject", CycleStates.Rejected)]
    public async Task An_underpowered_candidate_waits_for_a_person(string verb, string end)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.Promotion = options.Promotion with { MinimumCases = 20 } });
        await Data.CommitAsync(platform.Blobs, "liver");
        var waiting = await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        await platform.PostAsync<CycleView>($"{Routes.Cycle(waiting.Id)}/{verb}", new HumanAct("ann", "looked at every case"));
        var cycle = await platform.CycleAsync(1);
        Assert.Equal(end, cycle.State);
        var ledger = await platform.LedgerAsync();
        Assert.Equal(verb == "approve" ? ["ann"] : [], ledger.Select(row => row.Who));
        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle.Id));
        Assert.Contains(detail.Timeline, row => row.Event == "asked" && row.Who == "ann" && row.Detail!.Contains("looked at every case", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unreadable_dataset_is_shown_as_trouble_and_keeps_no_other_back()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await platform.Blobs.WriteTextAsync(BlobLayout.DatasetHead("broken"), "{", cancellation: TestContext.Current.CancellationToken);
        await Data.CommitAsync(platform.Blobs, "liver");
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        var status = await platform.GetAsync<StatusView>(Routes.Status);
        Assert.Contains("datasets/broken/head.json", Assert.Single(status.Trouble), StringComparison.Ordinal);
        await platform.Blobs.DeleteAsync(BlobLayout.DatasetHead("broken"), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the trouble is over", async () =>
            (await platform.GetAsync<StatusView>(Routes.Status)).Trouble.Count == 0, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Of_many_approvals_at_once_one_counts()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.Promotion = options.Promotion with { MinimumCases = 20 } });
        await Data.CommitAsync(platform.Blobs, "liver");
        var waiting = await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => platform.Http.PostAsJsonAsync(
            Routes.ApproveCycle(waiting.Id), new HumanAct($"person {i}"), DomainJson.Canonical, TestContext.Current.CancellationToken)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        Assert.Single(await platform.LedgerAsync());
    }

    [Fact]
    public async Task Roll_back_and_promotion_by_hand_are_further_generations()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        await platform.CycleAsync(2);

        var back = await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann", "spleen leaks"));
        Assert.Equal((3, 1, "rollback", "ann"), (back.Generation, back.Version, back.Kind, back.Who));
        Assert.Equal(new ProductionPointer(3, 1), await PointerAsync(platform));
        var forth = await platform.PostAsync<LedgerView>(Routes.PromoteModel("main", 2), new HumanAct("bob"));
        Assert.Equal((4, 2, "manual"), (forth.Generation, forth.Version, forth.Kind));
        Assert.Equal(new ProductionPointer(4, 2), await PointerAsync(platform));

        using var again = await platform.Http.PostAsJsonAsync(Routes.PromoteModel("main", 2), new HumanAct("bob"), DomainJson.Canonical, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var unknown = await platform.Http.PostAsJsonAsync(Routes.PromoteModel("main", 9), new HumanAct("bob"), DomainJson.Canonical, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_lost_or_old_production_pointer_is_written_again_from_the_ledger()
    {
        await using (var platform = await TestPlatform.StartAsync(_folder))
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            await platform.CycleAsync(1);
            await platform.Blobs.DeleteAsync(BlobLayout.Production("main"), TestContext.Current.CancellationToken);
        }
        await using var next = await TestPlatform.StartAsync(_folder);
        await Eventually.TrueAsync("the pointer is back", async () =>
            await next.Blobs.FindAsync(BlobLayout.Production("main")) is not null, TestContext.Current.CancellationToken);
        Assert.Equal(new ProductionPointer(1, 1), await PointerAsync(next));
    }

    [Fact]
    public async Task A_champion_that_changed_since_the_comparison_asks_for_a_person()
    {
        var gate = new TaskCompletionSource();
        var script = new TrainerScript();
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        await platform.CycleAsync(2);
        script.BeforeWork = (_, stop) => gate.Task.WaitAsync(stop);
        await Data.CommitAsync(platform.Blobs, "kidney");
        await platform.CycleAsync(3, CycleStates.Training);
        await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann"));
        gate.SetResult();
        var waiting = await platform.CycleAsync(3, CycleStates.AwaitingApproval);
        Assert.Contains("main/1 is in production now", waiting.Reason, StringComparison.Ordinal);
    }

    private static Task<ProductionPointer> PointerAsync(TestPlatform platform) =>
        platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken);
}
