using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>The workflow on a real PostgreSQL.</summary>
public sealed class PostgresTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_data_becomes_a_promoted_model_and_a_rollback_is_one_more_generation()
    {
        await using var platform = await StartAsync(await SharedServers.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        await Data.CommitAsync(platform.Blobs, "liver");
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        await Data.CommitAsync(platform.Blobs, "spleen");
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(2)).State);
        await platform.PostAsync<LedgerView>(Routes.RollBackLine("main"), new RollBack("ann"));
        Assert.Equal([(3, 1), (2, 2), (1, 1)], (await platform.LedgerAsync()).Select(row => (row.Generation, row.Version)));
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Trouble);
    }

    [Fact]
    public async Task Replicas_that_start_together_on_an_empty_database_migrate_it_once()
    {
        var database = await SharedServers.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(database, trainer: false)));
        foreach (var replica in replicas)
        {
            Assert.Empty(await replica.GetAsync<List<CycleView>>(Routes.Cycles));
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_replicas_that_look_at_once_each_due_row_goes_to_one()
    {
        var database = await SharedServers.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await (await StartAsync(database, trainer: false)).DisposeAsync();
        await using (var db = Open(database))
        {
            for (var i = 0; i < 200; i++)
                db.Cycles.Add(new() { CorrelationId = Guid.NewGuid(), Id = $"x-{i}", Line = "x", Number = i, State = CycleStates.Judging, DueAt = db.Clock.Now });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync(database)));
        Assert.Equal(200, claims.Sum(claim => claim.Count));
        Assert.Equal(200, claims.SelectMany(claim => claim).Distinct().Count());
    }

    private static async Task<List<DueRow>> ClaimAsync(string database)
    {
        await using var db = Open(database);
        return await db.ClaimDueAsync<VerSemi.Orchestrator.Workflow.Cycle>(db.Clock.Now - TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>Without a sweep of its own.</summary>
    private static PostgresOrchestratorDb Open(string database)
    {
        var options = new DbContextOptionsBuilder<PostgresOrchestratorDb>();
        PostgresDatabase.Use(options, database);
        return new PostgresOrchestratorDb(options.Options, new ProcessClock(TimeProvider.System));
    }

    private Task<TestPlatform> StartAsync(string database, bool trainer = true) => TestPlatform.StartAsync(_folder, new()
    {
        Trainer = trainer,
        Configure = options =>
        (options.Database.Engine, options.Database.ConnectionString, options.SingleProcess) = (DatabaseOptions.Postgres, database, false)
    });
}
