using System.Diagnostics;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Scrubbing;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>The verification of all stored content, over a dataset, a run and a model that went their whole way.</summary>
public sealed class ScrubTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flipped_bit_in_any_file_that_is_live_is_found_and_named_and_whole_content_is_not_accused()
    {
        await using var platform = await PromotedAsync();
        var whole = await ScrubAsync(platform);
        Assert.Empty(whole.Findings);
        Assert.Equal(0, whole.Damaged);
        var live = new List<string>();
        foreach (var prefix in new[] { BlobLayout.Cycles, BlobLayout.Datasets, BlobLayout.AllModels, BlobLayout.AllRuns })
            await foreach (var blob in platform.Blobs.ListAsync(prefix, Stop))
                live.Add(blob.Path);
        Assert.Equal(live.Count, whole.Blobs);
        Assert.Contains(live, path => path.EndsWith(".png", StringComparison.Ordinal));

        foreach (var path in live)
        {
            var before = await File.ReadAllBytesAsync(_folder[$"data/{path}"], Stop);
            Damages.Do(Damage.FlippedBit, _folder[$"data/{path}"], [], []);
            var found = await new Scrubber(platform.Blobs, TimeProvider.System).RunAsync(Fresh(), Stop);
            Assert.Equal(path, Assert.Single(found.Findings).Blob);
            Assert.Contains(path, found.Findings[0].Fault, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(_folder[$"data/{path}"], before, Stop);
        }
    }

    [Fact]
    public async Task Voxels_and_weights_that_are_missing_are_named_and_withdrawn_ones_are_not()
    {
        await using var platform = await PromotedAsync();
        var cases = (await platform.GetAsync<DatasetDetail>(Routes.Dataset("balls"))).Manifest.Cases;
        var (gone, withdrawn) = (cases[0], cases[1]);
        await platform.Blobs.WriteJsonAsync(BlobLayout.Withdrawn("balls"), new WithdrawnCases { Cases = [new Tombstone("w-1", DateTimeOffset.UnixEpoch, null, null, false, withdrawn.Image, withdrawn.Label, null)] },
            DomainJson.Readable, cancellation: Stop);
        var weights = BlobLayout.Model("main", 1) + BlobLayout.WeightsFile;
        foreach (var path in new[] { BlobLayout.Voxels("balls", gone.Image), BlobLayout.Voxels("balls", withdrawn.Image), BlobLayout.Voxels("balls", withdrawn.Label!), weights })
            await platform.Blobs.DeleteAsync(path, Stop);
        var report = await ScrubAsync(platform);
        Assert.Equal([BlobLayout.Voxels("balls", gone.Image), weights], report.Findings.Select(found => found.Blob));
        Assert.All(report.Findings, found => Assert.Contains("is missing", found.Fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_verification_goes_on_where_it_was_and_forgets_nothing_that_it_found()
    {
        await using var platform = await PromotedAsync();
        var straight = await ScrubAsync(platform);
        var image = BlobLayout.Voxels("balls", (await platform.GetAsync<DatasetDetail>(Routes.Dataset("balls"))).Manifest.Cases.Select(entry => entry.Image).Min(StringComparer.Ordinal)!);
        Damages.Do(Damage.FlippedBit, _folder[$"data/{image}"], [], []);
        Damages.Do(Damage.FlippedBit, _folder[$"data/{BlobLayout.Model("main", 1)}{BlobLayout.WeightsFile}"], [], []);
        using var interrupt = new CancellationTokenSource();
        var record = Fresh() with { MostMiBPerSecond = 0.01 };
        var first = new Scrubber(platform.Blobs, TimeProvider.System).RunAsync(record, interrupt.Token);
        await Eventually.TrueAsync("the first finding is saved", async () => await ProgressAsync(platform) is { Damaged: 1 }, Stop);
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var interrupted = (await ProgressAsync(platform))!;
        Assert.InRange(interrupted.Blobs, 1, straight.Blobs - 1);
        var report = await ScrubAsync(platform);
        Assert.Equal((straight.Blobs, 2), (report.Blobs, report.Damaged));
        Assert.Null(await ProgressAsync(platform));
    }

    [Fact]
    public async Task It_reads_no_faster_than_it_was_told()
    {
        var store = new FolderBlobStore(_folder["rate"]);
        var content = new byte[512 << 10];
        await store.WriteAsync(BlobLayout.Voxels("balls", ContentHash.Of(content)), new MemoryStream(content), cancellation: Stop);
        var clock = Stopwatch.StartNew();
        var report = await new Scrubber(store, TimeProvider.System).RunAsync(Fresh() with { MostMiBPerSecond = 1 }, Stop);
        Assert.Equal(0, report.Damaged);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.45), Eventually.Patience);
    }

    [Fact]
    public async Task The_doctor_shows_the_last_verification_and_a_rate_that_is_none_is_refused()
    {
        await using var platform = await PromotedAsync();
        Assert.Contains("not verified yet", (await FindingAsync(platform)).Found, StringComparison.Ordinal);
        await ScrubAsync(platform);
        Assert.Null((await FindingAsync(platform)).Mend);
        var path = BlobLayout.Model("main", 1) + BlobLayout.WeightsFile;
        Damages.Do(Damage.FlippedBit, _folder[$"data/{path}"], [], []);
        await ScrubAsync(platform);
        var finding = await FindingAsync(platform);
        Assert.Contains(path, finding.Found, StringComparison.Ordinal);
        Assert.Contains("docs/runbooks/damaged-content.md", finding.Mend!, StringComparison.Ordinal);
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(platform.Http, Routes.Scrub, new StartScrub(MostMiBPerSecond: 0), DomainJson.Canonical, Stop);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<TestPlatform> PromotedAsync()
    {
        var platform = await TestPlatform.StartAsync(_folder, new() { Ingest = true });
        TinyDataset.Write(_folder["data/incoming/balls"]);
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        await Eventually.TrueAsync("the cycle lies in the store", async () => await platform.Blobs.ListAsync(BlobLayout.Cycles, Stop).AnyAsync(Stop), Stop);
        return platform;
    }

    private static ScrubRecord Fresh() => new(DateTimeOffset.UtcNow, null, 100_000, "", 0, 0, 0, []);

    private static async Task<ScrubRecord?> ProgressAsync(TestPlatform platform) =>
        (await platform.Blobs.TryReadJsonAsync<ScrubRecord>(BlobLayout.ScrubProgress, DomainJson.Readable, Stop))?.Value;

    private static async Task<ScrubRecord> ScrubAsync(TestPlatform platform)
    {
        var started = await platform.PostAsync<ScrubView>(Routes.Scrub, new StartScrub(MostMiBPerSecond: 100_000));
        return await Eventually.GetAsync("the end of the verification", async () =>
            await platform.GetAsync<ScrubView>(Routes.Scrub) is { Running: null, Last: { } last } && last.StartedAt >= (started.Running ?? started.Last)!.StartedAt ? last : null);
    }

    private static async Task<FindingView> FindingAsync(TestPlatform platform) =>
        (await platform.GetAsync<List<FindingView>>(Routes.Doctor)).Single(found => found.Check == "stored content");
}
