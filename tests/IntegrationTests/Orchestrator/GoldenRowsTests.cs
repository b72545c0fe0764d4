using Microsoft.Data.Sqlite;
using Npgsql;
using VerSemi.Domain.Promotion;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Files;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>
/// Rows of every earlier version are read, and what was under way goes on: two promotions, a rollback, a third cycle that
/// waits for a person. From version 2 on each cycle has two candidates, and there are a schedule with its firings and a
/// withdrawal.
/// </summary>
public sealed class GoldenRowsTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Orchestrator", "Golden");

    [Theory]
    [InlineData("v1.sql", 1)]
    [InlineData("v2.sql", 2)]
    public async Task A_database_of_an_earlier_version_is_read_and_goes_on(string file, int version)
    {
        using var folder = new TempFolder();
        PrivateFiles.CreateFile(folder["versemi.db"]);
        await using (var connection = new SqliteConnection($"Data Source={folder["versemi.db"]}"))
            await RestoreAsync(connection, file);
        await using var platform = await TestPlatform.StartAsync(folder);
        await AssertReadAsync(platform, version);
    }

    [Theory]
    [InlineData("v2.postgres.sql", 2)]
    public async Task So_is_one_on_PostgreSQL(string file, int version)
    {
        using var folder = new TempFolder();
        var database = await SharedServers.CreateDatabaseAsync(Stop);
        await using (var connection = new NpgsqlConnection(database + ";Pooling=false"))
            await RestoreAsync(connection, file);
        await using var platform = await TestPlatform.StartAsync(folder, new()
        {
            Configure = options =>
            (options.Database.Engine, options.Database.ConnectionString) = (DatabaseOptions.Postgres, database)
        });
        await AssertReadAsync(platform, version);
    }

    [Fact]
    public void Every_file_has_its_test() =>
        Assert.Equal(["v1.sql", "v2.postgres.sql", "v2.sql"], Directory.GetFiles(Folder, "*.sql").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private static async Task AssertReadAsync(TestPlatform platform, int version)
    {
        Assert.Equal(["rollback", "promotion", "promotion"], (await platform.LedgerAsync()).Select(row => row.Kind));
        var waiting = await platform.CycleAsync(3, CycleStates.AwaitingApproval);
        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(waiting.Id));
        Assert.Equal((Decision.NeedsApproval, 3), (detail.Judgement!.Decision, detail.Judgement.Tasks.Count));
        Assert.Equal("demo", detail.Recipe.Name);
        Assert.Equal(version == 1 ? 6 : 9, (await platform.GetAsync<List<RunView>>(Routes.Runs)).Sum(run => run.Attempt));
        Assert.Equal(3, (await platform.GetAsync<List<DatasetView>>(Routes.Datasets)).Count);
        if (version > 1)
            await AssertSecondAsync(platform, waiting);

        await platform.PostAsync<CycleView>(Routes.RejectCycle(waiting.Id), new HumanAct("ann"));
        Assert.Equal(CycleStates.Rejected, (await platform.CycleAsync(3)).State);
    }

    private static async Task AssertSecondAsync(TestPlatform platform, CycleView waiting)
    {
        Assert.Equal([1, 2], waiting.Candidates!.Select(candidate => candidate.Seed));
        Assert.Equal("nightly", Assert.Single(await platform.GetAsync<List<ScheduleView>>(Routes.Schedules)).Name);
        Assert.Equal(3, await platform.InDatabaseAsync(db => Task.FromResult(db.Firings.Count(row => row.Schedule == "data" && row.Fired))));
        Assert.Equal(["main/1: trained on it"], Assert.Single(await platform.GetAsync<List<WithdrawalView>>(Routes.Withdrawals)).Models);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task RestoreAsync(System.Data.Common.DbConnection connection, string dump)
    {
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(Path.Combine(Folder, dump), Stop);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
