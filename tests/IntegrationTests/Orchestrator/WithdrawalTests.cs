using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Withdrawals;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Orchestrator and Ingest on one bus, from a person's word to the models that are named.</summary>
public sealed class WithdrawalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Split.Training, "trained on it")]
    [InlineData(Split.Validation, "chosen by it")]
    [InlineData(Split.Test, "judged on it")]
    public async Task Every_model_that_saw_the_case_is_named_and_the_version_without_it_starts_a_cycle(Split split, string how)
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1);
        var manifest = await ManifestAsync(platform, "balls");
        var done = await WithdrawAsync(platform, new Withdraw(manifest.In(split).First().Id, "ann", "consent was withdrawn"));

        Assert.Equal([$"main/1: {how}"], done.Models);
        var version = (await ManifestAsync(platform, "balls")).Version;
        Assert.NotEqual(manifest.Version, version);
        var second = await platform.CycleAsync(2);
        Assert.Equal([$"balls/{version}"], second.Datasets);
        var line = Assert.Single(await platform.InDatabaseAsync(db =>
            db.Timeline.Where(row => row.Kind == "line" && row.Event == "withdrawn").Select(row => $"{row.Id} {row.At:O} {row.Subject} {row.Detail}").ToListAsync(Stop)));
        Assert.Contains($"main/1: {how}", line, StringComparison.Ordinal);
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Trouble);
    }

    [Fact]
    public async Task A_model_that_was_started_from_one_that_saw_the_case_is_named()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"], labelled: 30, unlabelled: 0); // six sealed cases: fewer cannot show that a candidate is better
        await platform.CycleAsync(1);
        var id = (await ManifestAsync(platform, "balls")).In(Split.Training).First().Id;
        await WithdrawAsync(platform, new Withdraw($"balls/{id}", "ann", "consent was withdrawn"));
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(2)).State);
        var again = await WithdrawAsync(platform, new Withdraw($"balls/{id}", "ann", "once more"));
        Assert.Equal(["main/1: trained on it", "main/2: started from main/1"], again.Models);
    }

    [Fact]
    public async Task Two_withdrawals_of_a_case_within_one_second_are_two()
    {
        var time = new HeldTime();
        await using var platform = await StartAsync(trainer: false, time: time);
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1, CycleStates.Training);
        var request = new Withdraw($"balls/{(await ManifestAsync(platform, "balls")).In(Split.Training).First().Id}", "ann", "consent was withdrawn");
        var second = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var asked = new List<string>();
        foreach (var at in new[] { second.AddMilliseconds(100), second.AddMilliseconds(200) })
        {
            time.Hold(at);
            asked.Add((await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, request)).Id);
            time.Hold(null);
            Assert.Equal(at, (await WithdrawAsync(platform, null, asked[^1])).CreatedAt);
        }
        Assert.NotEqual(asked[0], asked[1]);
    }

    [Fact]
    public async Task A_cycle_that_works_on_the_case_is_cancelled()
    {
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using var platform = await StartAsync(script);
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1, CycleStates.Training);
        await Eventually.TrueAsync("a worker has it", () => Task.FromResult(!script.Leases.IsEmpty), TestContext.Current.CancellationToken);
        script.BeforeWork = (_, _) => Task.CompletedTask;
        var done = await WithdrawAsync(platform, new Withdraw((await ManifestAsync(platform, "balls")).In(Split.Training).First().Id, "ann", "consent was withdrawn"));

        var cancelled = await platform.CycleAsync(1);
        Assert.Equal(CycleStates.Cancelled, cancelled.State);
        Assert.Contains($"withdrawal {done.Id}", cancelled.Reason, StringComparison.Ordinal);
        Assert.Empty(done.Models);
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(2)).State);
    }

    [Fact]
    public async Task A_name_that_may_be_several_things_is_refused_with_all_of_them()
    {
        await using var platform = await StartAsync(trainer: false);
        await Data.CommitAsync(platform.Blobs, "liver");
        await Data.CommitAsync(platform.Blobs, "spleen");
        await AssertRefusedAsync(platform, new Withdraw("case03", "ann", "why"), HttpStatusCode.Conflict, "liver/case03", "spleen/case03");
        await AssertRefusedAsync(platform, new Withdraw("case99", "ann", "why"), HttpStatusCode.NotFound, "case99");
        await AssertRefusedAsync(platform, new Withdraw("case03", "ann", "why", "kidney"), HttpStatusCode.NotFound, "kidney");
        await AssertRefusedAsync(platform, new Withdraw("liver/case03", "ann", " "), HttpStatusCode.BadRequest, "why");
        await AssertRefusedAsync(platform, new Withdraw("liver/case03", "", "why"), HttpStatusCode.BadRequest, "who");
        Assert.Empty(await platform.GetAsync<List<WithdrawalView>>(Routes.Withdrawals));

        var one = await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, new Withdraw("case03", "ann", "why", "liver"));
        Assert.Equal(("liver", "case03", null), (one.Dataset, one.Case, one.Patient));
        Assert.Equal(one.Id, (await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, new Withdraw("liver/case03", "bob", "also"))).Id);
        var all = await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, new Withdraw("case03", "ann", "why", Patient: true));
        Assert.Equal((null, null, "case03"), (all.Dataset, all.Case, all.Patient));
    }

    [Fact]
    public async Task However_many_answers_of_Ingest_come_at_once_the_end_is_noted_once()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1);
        var done = await WithdrawAsync(platform, new Withdraw((await ManifestAsync(platform, "balls")).In(Split.Training).First().Id, "ann", "consent was withdrawn"));
        await platform.CycleAsync(2);
        await platform.InDatabaseAsync(async db =>
        {
            await db.Timeline.Where(row => row.Event == "withdrawn").ExecuteDeleteAsync(Stop);
            return await db.Withdrawals.ExecuteUpdateAsync(rows => rows.SetProperty(row => row.DoneAt, (DateTimeOffset?)null), Stop);
        });

        // A new head, which all of them take at once.
        var head = await HeadAsync(platform, "balls");
        await platform.Blobs.WriteJsonAsync(BlobLayout.DatasetHead("balls"), head with { Generation = head.Generation + 1 }, DomainJson.Readable, cancellation: Stop);
        // The one that loses is handed back to the queue, and then finds it done.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var scope = platform.Services.CreateAsyncScope();
            await Record.ExceptionAsync(() => scope.ServiceProvider.GetRequiredService<WithdrawalAnswer>().HandleAsync(new CasesWithdrawn(done.Id), Stop));
        })));
        Assert.NotNull((await platform.GetAsync<WithdrawalView>(Routes.Withdrawal(done.Id))).DoneAt);
        Assert.Equal(["dataset", "line"], await platform.InDatabaseAsync(db =>
            db.Timeline.Where(row => row.Event == "withdrawn").Select(row => row.Kind).Order().ToListAsync(Stop)));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Deaths => [.. Enumerable.Range(1, 12).Select(i => 3 * i)];

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Whenever_the_process_dies_the_next_one_comes_to_the_same_end(int write)
    {
        TinyDataset.Write(_folder["data/incoming/balls"]);
        string id;
        await using (var platform = await StartAsync())
        {
            await platform.CycleAsync(1);
            id = (await ManifestAsync(platform, "balls")).In(Split.Training).First().Id;
        }
        var mortality = new Mortality(write);
        await LiveAsync(mortality, id);

        await using var next = await StartAsync();
        // What had been asked for is done; where the word itself was lost it is said again.
        var asked = (await next.GetAsync<List<WithdrawalView>>(Routes.Withdrawals)).SingleOrDefault();
        var done = await WithdrawAsync(next, asked is null ? new Withdraw(id, "ann", "why") : null, asked?.Id);
        Assert.Equal(["main/1: trained on it"], done.Models);
        Assert.Equal(5, done.Erased.Count);
        foreach (var path in done.Erased)
            Assert.Null(await next.Blobs.FindAsync(path, TestContext.Current.CancellationToken));
        Assert.DoesNotContain((await ManifestAsync(next, "balls")).Cases, entry => entry.Id == id);
        Assert.Equal(2, (await HeadAsync(next, "balls")).Generation);
        Assert.Equal([$"balls/{(await HeadAsync(next, "balls")).Version}"], (await next.CycleAsync(2)).Datasets);
        Assert.Single(await next.GetAsync<List<WithdrawalView>>(Routes.Withdrawals));
    }

    private async Task LiveAsync(Mortality mortality, string id)
    {
        TestPlatform platform;
        try
        {
            platform = await StartAsync(mortality: mortality);
        }
        catch (Exception) when (mortality.IsDead)
        {
            return;
        }
        await using (platform)
        {
            using var answer = await platform.Http.PostAsJsonAsync(Routes.Withdrawals, new Withdraw(id, "ann", "why"), DomainJson.Canonical, TestContext.Current.CancellationToken);
            await Eventually.TrueAsync("dead or done", async () =>
                mortality.IsDead || (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Any(cycle => cycle.Number == 2 && CycleStates.IsFinal(cycle.State)),
                TestContext.Current.CancellationToken);
        }
    }

    private Task<TestPlatform> StartAsync(TrainerScript? script = null, Mortality? mortality = null, bool trainer = true, TimeProvider? time = null) => TestPlatform.StartAsync(
        _folder, new() { Script = script, Configure = options => options.Promotion = options.Promotion with { MinimumCases = 2 }, Mortality = mortality, Trainer = trainer, Ingest = true, Time = time });

    private static async Task<WithdrawalView> WithdrawAsync(TestPlatform platform, Withdraw? request, string? id = null)
    {
        id ??= (await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, request!)).Id;
        return await Eventually.GetAsync($"withdrawal {id} is done", async () =>
            await platform.GetAsync<WithdrawalView>(Routes.Withdrawal(id)) is { DoneAt: not null } done ? done : null, TestContext.Current.CancellationToken);
    }

    private static async Task AssertRefusedAsync(TestPlatform platform, Withdraw request, HttpStatusCode status, params string[] words)
    {
        using var answer = await platform.Http.PostAsJsonAsync(Routes.Withdrawals, request, DomainJson.Canonical, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.All(words, word => Assert.Contains(word, text, StringComparison.Ordinal));
    }

    private static Task<DatasetHead> HeadAsync(TestPlatform platform, string dataset) =>
        platform.Blobs.ReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, TestContext.Current.CancellationToken);

    private static async Task<DatasetManifest> ManifestAsync(TestPlatform platform, string dataset) => await platform.Blobs.ReadJsonAsync<DatasetManifest>(
        BlobLayout.DatasetManifest(dataset, (await HeadAsync(platform, dataset)).Version), DomainJson.Readable, TestContext.Current.CancellationToken);

    /// <summary>The real clock, but while it is held.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private DateTimeOffset? _held;

        public void Hold(DateTimeOffset? at) => _held = at;

        public override DateTimeOffset GetUtcNow() => _held ?? System.GetUtcNow();
    }
}
