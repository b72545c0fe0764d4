using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.UnitTests.Ingest;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>What looking after drops and datasets asks of the store, however many there are.</summary>
public sealed class CatalogueCostTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly CountingStore _store;
    private readonly KnownDrops _drops;
    private readonly KnownHeads _heads;

    public CatalogueCostTests()
    {
        _store = new CountingStore(new FolderBlobStore(_folder["data"]));
        (_drops, _heads) = (new KnownDrops(_time), new KnownHeads(_time));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Drops_with_a_report_are_not_listed_for_each_question_and_all_others_are()
    {
        for (var i = 0; i < 60; i++)
            await DropAsync($"d{i:00}", reported: true);
        await DropAsync("open", reported: false);
        Assert.Equal(61, (await ListAsync()).Count);

        var second = await ListAsync();
        Assert.Equal(["incoming/open/"], _store.Listed);
        Assert.Empty(_store.Paths("read"));
        Assert.Equal(60, second.Count(drop => drop.State == DropState.Committed && drop.Report!.Dataset == "toy"));
        Assert.Equal(DropState.Receiving, second.Single(drop => drop.Name == "open").State);

        await ReportAsync("open");
        await DropAsync("new", reported: false);
        var third = await ListAsync();
        Assert.Equal((DropState.Committed, DropState.Receiving), (third.Single(drop => drop.Name == "open").State, third.Single(drop => drop.Name == "new").State));
    }

    [Fact]
    public async Task Reported_drops_are_looked_at_again_in_turn_and_at_once_where_one_is_asked_for()
    {
        for (var i = 0; i < 60; i++)
            await DropAsync($"d{i:00}", reported: true);
        await ListAsync();
        await Task.WhenAll(DropAsync("d07", reported: false, "more"), DropAsync("d55", reported: false, "more"));
        Assert.Equal(DropState.Receiving, (await Look().FindAsync("d07", Stop))!.State);
        Assert.Equal(DropState.Receiving, (await ListAsync()).Single(drop => drop.Name == "d07").State);

        var looks = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            await ListAsync();
            looks.Add(_store.Listed.Count);
        }
        Assert.All(looks, listed => Assert.InRange(listed, 1, 52)); // 50 in turn, and the changed ones
        Assert.Equal(DropState.Receiving, (await ListAsync()).Single(drop => drop.Name == "d55").State);
    }

    [Fact]
    public async Task A_drop_that_has_gone_is_not_remembered()
    {
        await DropAsync("d", reported: true);
        await ListAsync();
        Directory.Delete(_folder["data/incoming/d"], recursive: true);
        Assert.Empty(await ListAsync());
        Assert.Empty(_drops.StillGood(["d"]));
    }

    [Fact]
    public async Task A_head_is_read_once_and_then_only_asked_whether_it_changed_a_bounded_number_at_a_time()
    {
        await using var platform = await PlatformAsync();
        for (var i = 0; i < KnownHeads.AtATime + 10; i++)
            await Data.CommitAsync(platform.Blobs, $"d{i:00}");
        await ReconcileAsync(platform);
        Assert.Equal(2 * (KnownHeads.AtATime + 10), _store.Paths("read").Count); // head and manifest
        Assert.Equal(KnownHeads.AtATime + 10, await platform.InDatabaseAsync(db => db.Datasets.CountAsync(Stop)));

        await ReconcileAsync(platform);
        Assert.Empty(_store.Paths("read"));
        Assert.Equal(KnownHeads.AtATime, _store.Paths("find").Count);
    }

    [Fact]
    public async Task A_new_version_is_taken_at_once_where_a_hint_names_it_and_within_a_few_looks_without_any()
    {
        await using var platform = await PlatformAsync();
        for (var i = 0; i < KnownHeads.AtATime + 10; i++)
            await Data.CommitAsync(platform.Blobs, $"d{i:00}");
        await ReconcileAsync(platform);

        var last = $"d{KnownHeads.AtATime + 9:00}";
        await Data.CommitAsync(platform.Blobs, last, cases: 20, generation: 2);
        _heads.Hint(last);
        await ReconcileAsync(platform);
        Assert.Equal(2, await GenerationAsync(platform, last));

        await Data.CommitAsync(platform.Blobs, last, cases: 30, generation: 3);
        for (var look = 0; look < 2; look++)
            await ReconcileAsync(platform);
        Assert.Equal(3, await GenerationAsync(platform, last));
    }

    [Fact]
    public async Task A_commit_that_is_told_of_is_taken_though_its_turn_is_far_away()
    {
        await using var platform = await PlatformAsync(sweep: TimeSpan.FromHours(1));
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.Bus.SendAsync(Queues.Catalogue, new DatasetCommitted("liver", "v"), cancellation: Stop);
        await Eventually.TrueAsync("the dataset is known", async () => await GenerationAsync(platform, "liver") == 1, Stop);
    }

    [Fact]
    public async Task Of_two_replicas_that_see_a_head_at_once_one_takes_it_and_the_other_is_in_no_trouble()
    {
        await using var platform = await PlatformAsync();
        for (var generation = 1; generation <= 3; generation++)
        {
            await Data.CommitAsync(platform.Blobs, "liver", cases: 10 + generation, generation: generation);
            await platform.InDatabaseAsync(async late =>
            {
                // It has looked at the row, and now the other comes first.
                await late.Datasets.ToListAsync(Stop);
                var racing = new RacingStore(_store, () => platform.InDatabaseAsync(async db => { await new DatasetHeads(db, _store, new KnownHeads(_time), _drops).ReconcileAsync(Stop); return 0; }));
                await new DatasetHeads(late, racing, new KnownHeads(_time), _drops).ReconcileAsync(Stop);
                Assert.True(racing.Raced);
                return 0;
            });
            Assert.Equal(generation, await GenerationAsync(platform, "liver"));
            Assert.Equal(generation, await platform.InDatabaseAsync(db => db.Timeline.CountAsync(row => row.Kind == "dataset" && row.Event == "committed", Stop)));
        }
    }

    [Fact]
    public async Task The_trace_of_the_commit_is_kept_with_the_dataset()
    {
        await using var platform = await PlatformAsync();
        await Data.CommitAsync(platform.Blobs, "liver");
        var head = await platform.Blobs.ReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead("liver"), DomainJson.Readable, Stop);
        Assert.Null(head.TraceParent);
        const string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        await platform.Blobs.WriteJsonAsync(BlobLayout.DatasetHead("liver"), head with { TraceParent = trace }, DomainJson.Readable, cancellation: Stop);
        await ReconcileAsync(platform);
        Assert.Equal(trace, await platform.InDatabaseAsync(db => db.Datasets.Select(row => row.TraceParent).SingleAsync(Stop)));
    }

    private async Task DropAsync(string drop, bool reported, string file = "image")
    {
        await _store.WriteTextAsync($"{BlobLayout.Drop(drop)}{file}.nii.gz", "voxels", cancellation: Stop);
        if (reported)
            await ReportAsync(drop);
    }

    private Task<BlobEntry> ReportAsync(string drop) => _store.WriteJsonAsync(BlobLayout.DropReport(drop),
        new IngestReport { Drop = drop, Fingerprint = "f", Outcome = IngestOutcome.Committed, Dataset = "toy", Version = "v" }, DomainJson.Readable, cancellation: Stop);

    private Drops Look() => new(_store, new ProcessClock(_time), _drops);

    private Task<IReadOnlyList<Drops.Drop>> ListAsync()
    {
        _store.Forget();
        return Look().ListAsync(Stop);
    }

    /// <summary>Its own sweep came once, before there was anything.</summary>
    private async Task<TestPlatform> PlatformAsync(TimeSpan? sweep = null)
    {
        var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.SweepInterval = sweep ?? TimeSpan.FromHours(1), Trainer = false });
        await platform.GetAsync<StatusView>(Routes.Status);
        return platform;
    }

    private async Task ReconcileAsync(TestPlatform platform)
    {
        _store.Forget();
        await platform.InDatabaseAsync(async db =>
        {
            await new DatasetHeads(db, _store, _heads, _drops).ReconcileAsync(Stop);
            return 0;
        });
    }

    private static Task<int> GenerationAsync(TestPlatform platform, string dataset) =>
        platform.InDatabaseAsync(db => db.Datasets.Where(row => row.Name == dataset).Select(row => row.Generation).FirstOrDefaultAsync(Stop));
}
