using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Models;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Every control file that the orchestrator owns or waits for, and what becomes of it when it is not what was written.</summary>
public sealed class ControlFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<Damage> AllDamages => new(Enum.GetValues<Damage>());
    public static TheoryData<Damage> WithoutOlder => new(Enum.GetValues<Damage>().Where(damage => damage != Damage.Older));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(AllDamages))]
    public async Task What_is_in_production_is_written_again_from_the_ledger_by_the_periodic_check_and_at_start(Damage damage)
    {
        var path = BlobLayout.Production("main");
        byte[] older, other, before;
        await using (var platform = await TwoLinesAsync())
        {
            older = ReadFile(path);
            await Data.CommitAsync(platform.Blobs, "spleen");
            await PromotedAsync(platform, "main", 2);
            await PromotedAsync(platform, "other", 2);
            await PointAllAsync(platform);
            (before, other) = (ReadFile(path), ReadFile(BlobLayout.Production("other")));
            Damages.Do(damage, FileOf(path), other, older);
            await PointAllAsync(platform);
            Assert.Equal(before, ReadFile(path));
            Damages.Do(damage, FileOf(path), other, older);
        }
        await using var again = await StartAsync();
        await Eventually.TrueAsync("production.json is as before", () => Task.FromResult(File.Exists(FileOf(path)) && ReadFile(path).SequenceEqual(before)), Stop);
        Assert.Equal(other, ReadFile(BlobLayout.Production("other")));
    }

    [Fact]
    public async Task Another_version_of_the_same_generation_is_not_believed()
    {
        await using var platform = await TwoLinesAsync();
        var path = BlobLayout.Production("main");
        await platform.Blobs.WriteJsonAsync(path, new ProductionPointer(1, 7), DomainJson.Readable, cancellation: Stop);
        await PointAllAsync(platform);
        Assert.Equal(new ProductionPointer(1, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(path, DomainJson.Readable, Stop));
    }

    [Fact]
    public async Task A_line_that_cannot_be_written_keeps_no_other_line_from_it()
    {
        await using var platform = await TwoLinesAsync();
        await platform.Blobs.WriteJsonAsync(BlobLayout.Production("main"), new ProductionPointer(9, 1), DomainJson.Readable, cancellation: Stop);
        await File.WriteAllTextAsync(FileOf(BlobLayout.Production("other")), "", Stop);
        var error = await Assert.ThrowsAsync<AggregateException>(() => PointAllAsync(platform));
        Assert.Contains("models/main/production.json is at generation 9", error.Message, StringComparison.Ordinal);
        Assert.Equal(new ProductionPointer(1, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("other"), DomainJson.Readable, Stop));
    }

    [Theory]
    [MemberData(nameof(AllDamages))]
    public async Task A_promotion_succeeds_whatever_became_of_the_pointer(Damage damage)
    {
        await using var platform = await TwoLinesAsync();
        var (path, older) = (BlobLayout.Production("main"), ReadFile(BlobLayout.Production("main")));
        await Data.CommitAsync(platform.Blobs, "spleen");
        await PromotedAsync(platform, "main", 2);
        Damages.Do(damage, FileOf(path), ReadFile(BlobLayout.Production("other")), older);
        await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann", "it was better", 1));
        Assert.Equal(new ProductionPointer(3, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(path, DomainJson.Readable, Stop));
    }

    [Fact]
    public async Task A_promotion_whose_pointer_cannot_be_written_is_done_and_the_pointer_follows()
    {
        await using var platform = await TwoLinesAsync();
        await Data.CommitAsync(platform.Blobs, "spleen");
        await PromotedAsync(platform, "main", 2);
        var file = FileOf(BlobLayout.Production("main"));
        File.Delete(file);
        Directory.CreateDirectory(Path.Combine(file, "in the way"));
        await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann", "it was better", 1));
        Assert.Equal(3, (await platform.LedgerAsync()).First(row => row.Line == "main").Generation);
        Directory.Delete(file, recursive: true);
        await PointAllAsync(platform);
        Assert.Equal(new ProductionPointer(3, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, Stop));
    }

    [Fact]
    public async Task A_promotion_on_a_database_that_is_older_than_the_store_is_refused_before_the_ledger_is_written()
    {
        await using var platform = await TwoLinesAsync();
        await Data.CommitAsync(platform.Blobs, "spleen");
        await PromotedAsync(platform, "main", 2);
        await platform.Blobs.WriteJsonAsync(BlobLayout.Production("main"), new ProductionPointer(9, 2), DomainJson.Readable, cancellation: Stop);
        using var answer = await platform.Http.PostAsJsonAsync(Routes.RollBackLine("main"), new RollBack("ann", "it was better", 1), DomainJson.Canonical, Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(2, (await platform.LedgerAsync()).First(row => row.Line == "main").Generation);
    }

    [Theory]
    [MemberData(nameof(WithoutOlder))]
    public async Task The_ledgers_blobs_are_written_again_from_its_rows(Damage damage)
    {
        await using var platform = await TwoLinesAsync();
        var path = BlobLayout.LedgerEntry("main", 1);
        var before = ReadFile(path);
        Damages.Do(damage, FileOf(path), ReadFile(BlobLayout.LedgerEntry("other", 1)), []);
        await PointAllAsync(platform);
        Assert.Equal(before, ReadFile(path));
    }

    [Theory]
    [MemberData(nameof(WithoutOlder))]
    public async Task Ended_cycles_are_written_again_from_their_rows_at_start(Damage damage)
    {
        string path;
        byte[] before;
        await using (var platform = await TwoLinesAsync())
        {
            var cycles = (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Select(cycle => BlobLayout.Cycle(cycle.Id)).ToList();
            await Eventually.TrueAsync("both cycles lie in the store", () => Task.FromResult(cycles.All(one => File.Exists(FileOf(one)))), Stop);
            (path, before) = (cycles[0], ReadFile(cycles[0]));
            Damages.Do(damage, FileOf(path), ReadFile(cycles[1]), []);
        }
        await using var again = await StartAsync();
        await Eventually.TrueAsync("the cycle is as before", () => Task.FromResult(File.Exists(FileOf(path)) && ReadFile(path).SequenceEqual(before)), Stop);
    }

    [Theory]
    [MemberData(nameof(WithoutOlder))]
    public async Task The_doctor_names_a_pointer_that_differs(Damage damage)
    {
        await using var platform = await TwoLinesAsync();
        Damages.Do(damage, FileOf(BlobLayout.Production("main")), ReadFile(BlobLayout.Production("other")), []);
        var findings = await platform.GetAsync<List<FindingView>>(Routes.Doctor);
        var finding = findings.Single(found => found.Check == BlobLayout.Production("main"));
        Assert.NotNull(finding.Mend);
    }

    public static TheoryData<string, Damage> FilesOfRuns()
    {
        var table = new TheoryData<string, Damage>();
        foreach (var file in new[] { "spec", "result", "model", "candidate report", "champion report" })
            foreach (var damage in Enum.GetValues<Damage>().Where(damage => damage != Damage.Older))
                table.Add(file, damage);
        return table;
    }

    [Theory]
    [MemberData(nameof(FilesOfRuns))]
    public async Task A_cycle_whose_runs_files_are_damaged_on_the_way_ends_as_without(string which, Damage damage)
    {
        var (script, done) = (new TrainerScript(), 0);
        await using var platform = await StartAsync(script);
        await Data.CommitAsync(platform.Blobs, "liver");
        var first = await PromotedAsync(platform, "main", 1);
        // Before the second run's worker begins: its own, or the file of the work before, is damaged once.
        script.BeforeWork = (lease, _) =>
        {
            var path = PathOf(which, lease.Run);
            if ((lease.Work == WorkKind.Evaluate || which == "spec") && File.Exists(FileOf(path)) && Interlocked.Increment(ref done) == 1)
            {
                Damages.Do(damage, FileOf(path), ReadFile(PathOf(which == "champion report" ? "candidate report" : which, first.Run!)), []);
                throw new DamagedBlobException(path, "as the trainer would find it");
            }
            return Task.CompletedTask;
        };
        script.Failure = FailureKind.Content;
        script.SaysEnd = lease =>
        {
            if (which.EndsWith("report", StringComparison.Ordinal) && lease.Work == WorkKind.Evaluate && Interlocked.Increment(ref done) == 1)
                Damages.Do(damage, FileOf(PathOf(which, lease.Run)), ReadFile(PathOf("candidate report", first.Run!)), []);
            return true;
        };
        await Data.CommitAsync(platform.Blobs, "spleen");
        Assert.Equal(CycleStates.Completed, (await PromotedAsync(platform, "main", 2)).State);
        Assert.True(done >= 1);
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    [InlineData(Damage.Anothers)]
    public async Task What_is_shown_to_people_only_is_left_out_where_it_is_damaged(Damage damage)
    {
        await using var platform = await TwoLinesAsync();
        var cycle = (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).First(one => one.Line == "main");
        foreach (var path in new[] { BlobLayout.ForgettingReport(cycle.Run!), BlobLayout.AttemptResult(cycle.Run!, 1) })
            Damages.Do(damage, FileOf(path), ReadFile(BlobLayout.Production("other")), []);
        Assert.Null((await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle.Id))).Forgetting);
        Assert.Null((await platform.GetAsync<RunDetail>(Routes.Run(cycle.Run!))).Training);
    }

    [Fact]
    public async Task Voxels_a_label_map_and_weights_that_are_damaged_are_answered_by_their_names_and_not_sent()
    {
        await using var platform = await StartAsync(ingest: true);
        TinyDataset.Write(_folder["data/incoming/balls"]);
        var cycle = await PromotedAsync(platform, "main", 1);
        var entry = (await platform.GetAsync<DatasetDetail>(Routes.Dataset("balls"))).Manifest.In(Domain.Catalogue.Split.Test).First();
        foreach (var (address, path) in new[]
        {
            (Routes.CaseFile("balls", entry.Id, "image.nii.gz"), BlobLayout.Voxels("balls", entry.Image)),
            (Routes.CaseFile("balls", entry.Id, "label.nii.gz"), BlobLayout.Voxels("balls", entry.Label!)),
            (Routes.EvaluatedFile(cycle.Run!, "candidate", "balls", entry.Id, "prediction.nii.gz"), BlobLayout.Prediction(cycle.Run!, "candidate", "balls", entry.Image)),
            ($"{Routes.Root}/models/main/1/weights.safetensors", BlobLayout.Model("main", 1) + BlobLayout.WeightsFile),
        })
        {
            Assert.Equal(HttpStatusCode.OK, (await platform.Http.GetAsync(address, Stop)).StatusCode);
            Damages.Do(Damage.FlippedBit, FileOf(path), [], []);
            using var answer = await platform.Http.GetAsync(address, Stop);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Contains(path, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("model")]
    public async Task A_candidate_that_was_damaged_after_it_was_judged_is_not_promoted(string which)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => (options.Lines["main"].Approval, options.Retries) = ("always", options.Retries with { Infrastructure = 0 }) });
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        var path = BlobLayout.AttemptModel(cycle.Run!, 1) + (which == "weights" ? BlobLayout.WeightsFile : BlobLayout.ModelFile);
        Damages.Do(Damage.FlippedBit, FileOf(path), [], []);
        await platform.PostAsync<CycleView>(Routes.ApproveCycle(cycle.Id), new HumanAct("ann", "looks good"));
        var failed = await platform.CycleAsync(1, CycleStates.Failed, CycleStates.Completed);
        Assert.Equal(CycleStates.Failed, failed.State);
        Assert.Empty(await platform.LedgerAsync());
        Assert.Null(await platform.Blobs.FindAsync(BlobLayout.Model("main", 1) + BlobLayout.WeightsFile, Stop));
    }

    private static string PathOf(string which, string run) => which switch
    {
        "spec" => BlobLayout.RunSpecification(run),
        "result" => BlobLayout.AttemptResult(run, 1),
        "model" => BlobLayout.AttemptModel(run, 1) + BlobLayout.ModelFile,
        "candidate report" => BlobLayout.CandidateReport(run),
        _ => BlobLayout.ChampionReport(run),
    };

    private async Task<TestPlatform> TwoLinesAsync()
    {
        var platform = await StartAsync();
        await Data.CommitAsync(platform.Blobs, "liver");
        await PromotedAsync(platform, "main", 1);
        await PromotedAsync(platform, "other", 1);
        return platform;
    }

    private Task<TestPlatform> StartAsync(TrainerScript? script = null, bool ingest = false) => TestPlatform.StartAsync(_folder, new()
    {
        Script = script,
        Configure = options =>
    {
        if (!ingest && script is null)
            options.Lines["other"] = new() { Recipe = "demo" };
    },
        Ingest = ingest
    });

    private static Task<CycleView> PromotedAsync(TestPlatform platform, string line, int number) =>
        Eventually.GetAsync($"the end of cycle {number} of line {line}", Eventually.Patience, async () =>
            (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).FirstOrDefault(cycle => cycle.Line == line && cycle.Number == number && CycleStates.IsFinal(cycle.State)), Stop);

    private static async Task PointAllAsync(TestPlatform platform)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Production>().PointAllAsync(Stop);
    }

    private string FileOf(string path) => _folder[$"data/{path}"];

    private byte[] ReadFile(string path) => File.ReadAllBytes(FileOf(path));
}
