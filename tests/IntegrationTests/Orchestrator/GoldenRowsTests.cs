using Microsoft.Data.Sqlite;
using VerSemi.Domain.Promotion;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Rows of every earlier version are read, and what was under way goes on.</summary>
public sealed class GoldenRowsTests
{
    public static TheoryData<string> Versions => new(Directory.GetFiles(Folder, "*.sql").Select(file => Path.GetFileName(file)));

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Orchestrator", "Golden");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_database_of_an_earlier_version_is_read_and_goes_on(string file)
    {
        using var folder = new TempFolder();
        await RestoreAsync(Path.Combine(Folder, file), folder["versemi.db"]);
        await using var platform = await TestPlatform.StartAsync(folder);

        Assert.Equal(["rollback", "promotion", "promotion"], (await platform.LedgerAsync()).Select(row => row.Kind));
        var waiting = await platform.CycleAsync(3, CycleStates.AwaitingApproval);
        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(waiting.Id));
        Assert.Equal((Decision.NeedsApproval, 3), (detail.Judgement!.Decision, detail.Judgement.Tasks.Count));
        Assert.Equal("demo", detail.Recipe.Name);
        Assert.Equal(6, (await platform.GetAsync<List<RunView>>(Routes.Runs)).Sum(run => run.Attempt));
        Assert.Equal(3, (await platform.GetAsync<List<DatasetView>>(Routes.Datasets)).Count);

        await platform.PostAsync<CycleView>(Routes.RejectCycle(waiting.Id), new HumanAct("ann"));
        Assert.Equal(CycleStates.Rejected, (await platform.CycleAsync(3)).State);
    }

    private static async Task RestoreAsync(string dump, string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(dump, TestContext.Current.CancellationToken);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
