using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class GarbageCollectionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_drop_goes_when_its_time_is_over_and_its_report_stays()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1);
        await platform.Blobs.WriteTextAsync("incoming/half/imagesTr/a.nii.gz", "still arriving", cancellation: Stop);

        Assert.DoesNotContain(await CollectAsync(platform), one => one.Path.StartsWith("incoming/", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromDays(31));
        var dry = Assert.Single(await CollectAsync(platform, dryRun: true), one => one.Path.StartsWith("incoming/", StringComparison.Ordinal));
        Assert.Equal(("incoming/balls/", 23), (dry.Path, dry.Blobs));
        Assert.True(File.Exists(_folder["data/incoming/balls/dataset.json"]));
        Assert.Contains(await CollectAsync(platform), one => one == dry);
        Assert.Equal([BlobLayout.DropReport("balls"), BlobLayout.DropReportText("balls"), "incoming/half/imagesTr/a.nii.gz"],
            await PathsAsync(platform, "incoming/"));
        Assert.DoesNotContain(await CollectAsync(platform), one => one.Path.StartsWith("incoming/", StringComparison.Ordinal));
        Assert.Equal(DropState.Committed, (await platform.GetAsync<DropDetail>(Routes.Drop("balls"))).Drop.State);
    }

    [Fact]
    public async Task A_drop_that_changed_since_its_report_stays_though_the_file_looks_old()
    {
        await using var platform = await StartAsync(ingest: false);
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.Blobs.WriteTextAsync(BlobLayout.DropReport("balls"), """{"drop": "balls", "fingerprint": "of another state", "outcome": "committed", "dataset": "balls", "version": "v"}""", cancellation: Stop);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.DoesNotContain(await CollectAsync(platform), one => one.Path.StartsWith("incoming/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collection_that_was_cut_off_is_gone_on_with_and_not_taken_for_a_drop()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["aside/balls"]);
        File.Delete(_folder["aside/balls/imagesTr/balls_000.nii.gz"]);
        File.WriteAllText(_folder["aside/balls/_COLLECTED"], "");
        // Nobody touched it for long, as it is with what is collected: no cycle waits for it.
        foreach (var file in Directory.EnumerateFiles(_folder["aside/balls"], "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-40));
        Directory.CreateDirectory(_folder["data/incoming"]);
        Directory.Move(_folder["aside/balls"], _folder["data/incoming/balls"]);
        TinyDataset.Write(_folder["data/incoming/cubes"]);
        await platform.CycleAsync(1);
        Assert.Null(await platform.Blobs.FindAsync(BlobLayout.DropReport("balls"), Stop));
        Assert.Contains(await CollectAsync(platform), one => one.Path == "incoming/balls/" && one.Why.Contains("cut off", StringComparison.Ordinal));
        Assert.Empty(await PathsAsync(platform, "incoming/balls/"));
    }

    [Fact]
    public async Task Checkpoints_and_weights_that_became_no_model_go_and_all_else_of_a_run_stays()
    {
        var script = new TrainerScript { Candidate = (_, task) => task == "liver/organ" ? 0.8 : 0.1 };
        await using var platform = await StartAsync(script, ingest: false);
        await Data.CommitAsync(platform.Blobs, "liver");
        var promoted = await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        var rejected = await platform.CycleAsync(2);
        Assert.Equal((CycleStates.Completed, CycleStates.Rejected), (promoted.State, rejected.State));
        foreach (var run in new[] { promoted.Run!, rejected.Run! })
            await platform.Blobs.WriteTextAsync(BlobLayout.Checkpoints(run, 1) + "last.json", "{}", cancellation: Stop);
        await platform.Blobs.WriteTextAsync(BlobLayout.Import("0123") + "model.json", "{}", cancellation: Stop);
        var before = await PathsAsync(platform, "");

        Assert.Empty(await CollectAsync(platform));
        _time.Advance(TimeSpan.FromDays(8));
        Assert.Equal([BlobLayout.Import("0123"), BlobLayout.Checkpoints(promoted.Run!, 1), BlobLayout.Checkpoints(rejected.Run!, 1)],
            (await CollectAsync(platform)).Select(one => one.Path).Order(StringComparer.Ordinal).OrderBy(path => path.Contains(rejected.Run!, StringComparison.Ordinal)));
        _time.Advance(TimeSpan.FromDays(90));
        Assert.Equal(
            [BlobLayout.Predictions(rejected.Run!, "candidate"), BlobLayout.Predictions(rejected.Run!, "champion"), BlobLayout.AttemptModel(rejected.Run!, 1)],
            (await CollectAsync(platform)).Select(one => one.Path));

        var gone = before.Except(await PathsAsync(platform, "")).ToList();
        Assert.All(gone, path => Assert.True(path.Contains("/checkpoints/", StringComparison.Ordinal) || path.StartsWith("imports/", StringComparison.Ordinal) || path.Contains($"{rejected.Run}/attempts/1/model/", StringComparison.Ordinal)
            || path.StartsWith($"runs/{rejected.Run}/evaluation/candidate/", StringComparison.Ordinal) || path.StartsWith($"runs/{rejected.Run}/evaluation/champion/", StringComparison.Ordinal), path));
        // Of label maps those of 16 sealed cases, by candidate and champion.
        Assert.Equal(5 + 2 * 16, gone.Count);
    }

    [Fact]
    public async Task What_an_active_cycle_works_on_stays()
    {
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using var platform = await StartAsync(script, ingest: false);
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1, CycleStates.Training);
        await platform.Blobs.WriteTextAsync(BlobLayout.Checkpoints(cycle.Run!, 1) + "last.json", "{}", cancellation: Stop);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Empty(await CollectAsync(platform));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<TestPlatform> StartAsync(TrainerScript? script = null, bool ingest = true) => TestPlatform.StartAsync(
        _folder, new() { Script = script, Configure = options => options.Promotion = options.Promotion with { MinimumCases = 2 }, Time = _time, Ingest = ingest });

    private static Task<List<CollectedView>> CollectAsync(TestPlatform platform, bool dryRun = false) =>
        platform.PostAsync<List<CollectedView>>(Routes.CollectGarbage, new CollectGarbage(dryRun));

    private static async Task<List<string>> PathsAsync(TestPlatform platform, string prefix)
    {
        var paths = new List<string>();
        await foreach (var blob in platform.Blobs.ListAsync(prefix, Stop))
            if (!blob.Path.EndsWith(".db", StringComparison.Ordinal))
                paths.Add(blob.Path);
        return paths;
    }
}
