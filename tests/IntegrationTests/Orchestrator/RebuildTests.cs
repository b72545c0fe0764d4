using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Rebuild;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class RebuildTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lost_database_is_rebuilt_and_the_line_goes_on_from_its_champion()
    {
        var before = await TwoCyclesAndARollbackAsync();
        LoseDatabase();
        await RebuildAsync(written: true);

        await using var platform = await TestPlatform.StartAsync(_folder);
        Assert.Equal(before, await StateAsync(platform));
        Assert.Equal(new ProductionPointer(3, 1), await PointerAsync(platform));
        await Data.CommitAsync(platform.Blobs, "kidney");
        var third = await platform.CycleAsync(3);
        Assert.Equal((CycleStates.Completed, 1, 3, 3, 4), (third.State, third.Champion, third.Model, third.LabelSpace, third.Generation));
        var back = await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann"));
        Assert.Equal((5, 2), (back.Generation, back.Version));
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Trouble);
    }

    [Fact]
    public async Task No_cycle_starts_for_data_that_the_last_one_took()
    {
        await TwoCyclesAndARollbackAsync();
        LoseDatabase();
        await RebuildAsync(written: true);
        await using var platform = await TestPlatform.StartAsync(_folder);
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Pending);
        // A sweep has looked by the time that a later commit has become a cycle: it is the third, and no other came before it.
        await Data.CommitAsync(platform.Blobs, "kidney");
        await platform.CycleAsync(3);
        Assert.Equal([3, 2, 1], (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Select(cycle => cycle.Number).OrderDescending());
    }

    [Fact]
    public async Task A_database_that_agrees_is_left_as_it_is_and_one_that_differs_is_refused()
    {
        await TwoCyclesAndARollbackAsync();
        await RebuildAsync(written: false);
        var blobs = new FolderBlobStore(_folder["data"]);
        await blobs.DeleteAsync(BlobLayout.Production("main"), TestContext.Current.CancellationToken);
        await blobs.DeleteAsync(BlobLayout.LedgerEntry("main", 3), TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<ConflictException>(() => RebuildAsync(written: false));
        Assert.Contains("main 3 (rollback of main/1) is in the database alone", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_with_a_hole_at_its_end_is_refused()
    {
        await TwoCyclesAndARollbackAsync();
        LoseDatabase();
        await new FolderBlobStore(_folder["data"]).DeleteAsync(BlobLayout.LedgerEntry("main", 3), TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<ConflictException>(() => RebuildAsync(written: true));
        Assert.Contains("generation 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_under_way_goes_on_with_its_next_attempt()
    {
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        string run;
        await using (var platform = await TestPlatform.StartAsync(_folder, new() { Script = script }))
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            run = (await platform.CycleAsync(1, CycleStates.Training)).Run!;
            await platform.Blobs.WriteTextAsync(BlobLayout.AttemptMetrics(run, 7), "{}", cancellation: TestContext.Current.CancellationToken);
        }
        LoseDatabase();
        await RebuildAsync(written: true);
        await using var next = await TestPlatform.StartAsync(_folder);
        var cycle = await next.CycleAsync(1);
        Assert.Equal((CycleStates.Completed, run), (cycle.State, cycle.Run));
        Assert.Equal([8, 9], (await next.GetAsync<RunDetail>(Routes.Run(run))).Attempts.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Ended_cycles_that_a_dead_process_left_unwritten_are_written_by_the_next()
    {
        await TwoCyclesAndARollbackAsync();
        var blobs = new FolderBlobStore(_folder["data"]);
        await blobs.DeleteAsync(BlobLayout.Cycle("main-1"), TestContext.Current.CancellationToken);
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Eventually.TrueAsync("it is written", async () => await blobs.FindAsync(BlobLayout.Cycle("main-1")) is not null, TestContext.Current.CancellationToken);
    }

    private async Task<string> TwoCyclesAndARollbackAsync()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        await platform.CycleAsync(2);
        await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann", "spleen leaks"));
        await Eventually.TrueAsync("the last cycle is written", async () => await platform.Blobs.FindAsync(BlobLayout.Cycle("main-2")) is not null, TestContext.Current.CancellationToken);
        return await StateAsync(platform);
    }

    /// <summary>All that must come back, as text.</summary>
    private static async Task<string> StateAsync(TestPlatform platform)
    {
        var spaces = await platform.InDatabaseAsync(db => db.LabelSpaces.OrderBy(row => row.Version).Select(row => $"{row.Line} {row.Version} {row.Hash}").ToListAsync());
        var datasets = (await platform.GetAsync<List<DatasetView>>(Routes.Datasets)).Select(dataset => dataset with { CommittedAt = default });
        var models = (await platform.GetAsync<List<ModelView>>(Routes.Models)).Select(model => model with { CreatedAt = default });
        return System.Text.Json.JsonSerializer.Serialize(
            new { ledger = await platform.LedgerAsync(), models, spaces, datasets, cycles = await platform.GetAsync<List<CycleView>>(Routes.Cycles) }, DomainJson.Readable);
    }

    private void LoseDatabase()
    {
        SqliteConnection.ClearAllPools(); // else a connection of this process goes on with the file that is gone
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "versemi.db*"))
            File.Delete(file);
    }

    private async Task RebuildAsync(bool written)
    {
        await using var services = Offline.Services(_folder);
        var rebuilt = await CatalogueRebuild.RunAsync(services, TestContext.Current.CancellationToken);
        Assert.Equal(written, rebuilt.Written);
    }

    private static Task<ProductionPointer> PointerAsync(TestPlatform platform) =>
        platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken);
}
