using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Rebuild;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>A database and a store that were restored to different points in time.</summary>
public sealed class ReconcileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_an_older_database_no_cycle_starts_and_no_model_is_overwritten_until_it_has_caught_up_with_the_store()
    {
        await CycleAsync(1, "liver");
        KeepDatabase();
        await CycleAsync(2, "spleen");
        var second = await WeightsAsync(2);
        PutDatabaseBack();
        await using (var platform = await TestPlatform.StartAsync(_folder))
        {
            await Eventually.TrueAsync("it says what to do", async () =>
                (await platform.GetAsync<StatusView>(Routes.Status)).Trouble.Any(line => line.StartsWith("new cycles: ", StringComparison.Ordinal) && line.Contains("reconcile", StringComparison.Ordinal)), Cancellation);
            Assert.Single(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
        }

        var found = await ReconcileAsync();

        Assert.Contains("generation 2 of line 'main' (promotion of main/2)", found.Taken);
        Assert.Equal((0, 0), (found.Missing.Count, found.RolledBack.Count));
        var third = await CycleAsync(3, "kidney");
        Assert.Equal((CycleStates.Completed, 2, 3, 3), (third.State, third.Champion, third.Model, third.Generation));
        Assert.Equal(second, await WeightsAsync(2));
    }

    [Fact]
    public async Task A_line_whose_model_an_older_store_lacks_returns_to_the_one_before_and_goes_on_from_it()
    {
        await CycleAsync(1, "liver");
        KeepStore();
        await CycleAsync(2, "spleen");
        PutStoreBack();

        var found = await ReconcileAsync();

        Assert.Contains(found.Missing, line => line.StartsWith("model main/2: restore models/main/2/", StringComparison.Ordinal));
        Assert.Contains(found.Missing, line => line.StartsWith("dataset spleen/", StringComparison.Ordinal) && line.EndsWith("drop it again", StringComparison.Ordinal));
        Assert.StartsWith("main: main/1 is in production as generation 3", Assert.Single(found.RolledBack), StringComparison.Ordinal);
        Assert.Equal(new ProductionPointer(3, 1), await PointerAsync());
        // Cycle 3 stands for what the store has; the same data again makes the same model.
        var again = await CycleAsync(4, "spleen");
        Assert.Equal((CycleStates.Completed, 1, 2, 4), (again.State, again.Champion, again.Model, again.Generation));
        var next = await CycleAsync(5, "kidney");
        Assert.Equal((CycleStates.Completed, 2, 3, 5), (next.State, next.Champion, next.Model, next.Generation));
    }

    [Fact]
    public async Task A_cycle_whose_data_an_older_store_lacks_is_cancelled()
    {
        await CycleAsync(1, "liver");
        KeepStore();
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using (var platform = await TestPlatform.StartAsync(_folder, new() { Script = script }))
        {
            await Data.CommitAsync(platform.Blobs, "spleen");
            await platform.CycleAsync(2, CycleStates.Training);
        }
        PutStoreBack();

        var found = await ReconcileAsync();

        Assert.Contains("cycle main-2: cancelled, its data is not in the store", found.Missing);
        Assert.Empty(found.RolledBack);
        var again = await CycleAsync(4, "spleen");
        Assert.Equal((CycleStates.Completed, 1, 2, 2), (again.State, again.Champion, again.Model, again.Generation));
    }

    [Fact]
    public async Task Once_more_finds_nothing_to_do()
    {
        await CycleAsync(1, "liver");

        var found = await ReconcileAsync();

        Assert.Equal((0, 0, 0), (found.Taken.Count, found.Missing.Count, found.RolledBack.Count));
    }

    [Fact]
    public async Task A_cycle_that_was_under_way_in_the_older_database_ends_as_it_did_in_the_store()
    {
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using (var platform = await TestPlatform.StartAsync(_folder, new() { Script = script }))
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            await platform.CycleAsync(1, CycleStates.Training);
        }
        KeepDatabase();
        await using (var platform = await TestPlatform.StartAsync(_folder))
            Assert.Equal(CycleStates.Completed, (await EndAsync(platform, 1)).State);
        PutDatabaseBack();

        var found = await ReconcileAsync();

        Assert.Contains("the end of cycle main-1 (Completed)", found.Taken);
        await GoesOnWithoutASecondPromotionAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_promotion_whose_cycle_s_end_the_store_lacks_is_not_done_twice(bool isUnderWay)
    {
        var script = new TrainerScript { BeforeWork = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        if (!isUnderWay)
        {
            await (await TestPlatform.StartAsync(_folder)).DisposeAsync();
            KeepDatabase();
        }
        await using (var platform = await TestPlatform.StartAsync(_folder, new() { Script = script }))
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            await platform.CycleAsync(1, CycleStates.Training);
        }
        if (isUnderWay)
            KeepDatabase();
        await using (var platform = await TestPlatform.StartAsync(_folder))
            await EndAsync(platform, 1);
        await Store.DeleteAsync(BlobLayout.Cycle("main-1"), Cancellation);
        PutDatabaseBack();

        await ReconcileAsync();

        await GoesOnWithoutASecondPromotionAsync();
    }

    [Fact]
    public async Task A_dataset_that_is_older_in_the_store_is_taken_as_it_is_there()
    {
        await CycleAsync(1, "liver");
        KeepStore();
        string newer;
        await using (var platform = await TestPlatform.StartAsync(_folder))
        {
            newer = await Data.CommitAsync(platform.Blobs, "liver", cases: 14, generation: 2);
            await EndAsync(platform, 2);
        }
        PutStoreBack();

        await ReconcileAsync();

        await using var next = await TestPlatform.StartAsync(_folder);
        Assert.NotEqual(newer, Assert.Single(await next.GetAsync<List<DatasetView>>(Routes.Datasets)).Version);
        await Data.CommitAsync(next.Blobs, "liver", cases: 16, generation: 2);
        Assert.Equal((CycleStates.Completed, 1), (await EndAsync(next, 4)) switch { var cycle => (cycle.State, cycle.Champion) });
    }

    [Fact]
    public async Task A_withdrawal_that_the_store_has_forgotten_is_done_again()
    {
        await CycleAsync(1, "liver");
        await InDatabaseAsync(async db =>
        {
            db.Withdrawals.Add(new WithdrawalRow { Id = "w-1", Patient = "p", Who = "ann", Why = "asked", CreatedAt = db.Clock.Now, DoneAt = db.Clock.Now });
            await db.SaveChangesAsync(Cancellation);
        });

        var found = await ReconcileAsync();

        Assert.StartsWith("withdrawal w-1: it is done again", Assert.Single(found.Missing), StringComparison.Ordinal);
        await InDatabaseAsync(async db => Assert.NotNull((await db.Withdrawals.SingleAsync(Cancellation)).DueAt));
    }

    [Fact]
    public async Task Two_platforms_are_not_made_one()
    {
        await CycleAsync(1, "liver");
        await InDatabaseAsync(db => db.Ledger.ExecuteUpdateAsync(set => set.SetProperty(row => row.Kind, "import"), Cancellation));

        var refusal = await Assert.ThrowsAsync<ConflictException>(ReconcileAsync);

        Assert.Contains("generation 1 of line 'main' as import of version 1, the store as promotion of version 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_the_store_knows_is_not_given_to_another_model()
    {
        await Store.WriteTextAsync(BlobLayout.Model("main", 7) + "left", "over", cancellation: Cancellation);

        Assert.Equal(8, (await CycleAsync(1, "liver")).Model);
    }

    [Fact]
    public async Task A_ledger_in_the_store_keeps_an_empty_database_from_beginning_anew_even_without_its_pointer()
    {
        await CycleAsync(1, "liver");
        await Store.DeleteAsync(BlobLayout.Production("main"), Cancellation);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "versemi.db*"))
            File.Delete(file);

        await using var platform = await TestPlatform.StartAsync(_folder);

        await Eventually.TrueAsync("it says so", async () =>
            (await platform.GetAsync<StatusView>(Routes.Status)).Trouble.Any(line => line.Contains("models/main/ledger/ is at generation 1, but the ledger only at 0", StringComparison.Ordinal)), Cancellation);
        Assert.Empty(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
    }

    private FolderBlobStore Store => new(_folder["data"]);

    private async Task<CycleView> CycleAsync(int number, string dataset)
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Data.CommitAsync(platform.Blobs, dataset);
        return await EndAsync(platform, number);
    }

    /// <summary>The cycle's end, and its end in the store.</summary>
    private static async Task<CycleView> EndAsync(TestPlatform platform, int number)
    {
        var cycle = await platform.CycleAsync(number);
        await Eventually.TrueAsync("its end is written", async () => await platform.Blobs.FindAsync(BlobLayout.Cycle(cycle.Id)) is not null, Cancellation);
        return cycle;
    }

    private async Task GoesOnWithoutASecondPromotionAsync()
    {
        var next = await CycleAsync(2, "kidney");
        Assert.Equal((CycleStates.Completed, 1, 2, 2), (next.State, next.Champion, next.Model, next.Generation));
        await using var platform = await TestPlatform.StartAsync(_folder);
        Assert.Equal([1, 2], (await platform.LedgerAsync()).Select(row => row.Version).Order());
        Assert.All(await platform.GetAsync<List<CycleView>>(Routes.Cycles), cycle => Assert.Equal(CycleStates.Completed, cycle.State));
    }

    private void KeepDatabase()
    {
        SqliteConnection.ClearAllPools();
        Directory.CreateDirectory(_folder["kept"]);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "versemi.db*"))
            File.Copy(file, Path.Combine(_folder["kept"], Path.GetFileName(file)));
    }

    private void PutDatabaseBack()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "versemi.db*"))
            File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(_folder["kept"]))
            File.Move(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
    }

    private void KeepStore() => CopyFolder(_folder["data"], _folder["kept-data"]);

    private void PutStoreBack()
    {
        Directory.Delete(_folder["data"], recursive: true);
        CopyFolder(_folder["kept-data"], _folder["data"]);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private async Task<ReconciledCatalogue> ReconcileAsync()
    {
        await using var services = Offline.Services(_folder);
        return await CatalogueReconciliation.RunAsync(services, Cancellation);
    }

    private async Task InDatabaseAsync(Func<OrchestratorDb, Task> act)
    {
        await using var services = Offline.Services(_folder);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        await db.Clock.SetAsync(db, Cancellation);
        await act(db);
    }

    private async Task<string> WeightsAsync(int version) =>
        (await Store.ReadJsonAsync<ModelManifest>(BlobLayout.Model("main", version) + BlobLayout.ModelFile, DomainJson.Readable, Cancellation)).Weights;

    private Task<ProductionPointer> PointerAsync() => Store.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, Cancellation);
}
