using Microsoft.Data.Sqlite;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Files;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class MigrationLockTests
{
    [Fact]
    public async Task A_lock_that_a_killed_process_left_in_the_file_keeps_nobody_from_starting()
    {
        using var folder = new TempFolder();
        PrivateFiles.CreateFile(folder["versemi.db"]);
        await using (var connection = new SqliteConnection($"Data Source={folder["versemi.db"]};Pooling=false"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');""";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var platform = await TestPlatform.StartAsync(folder, new() { Trainer = false }).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Empty(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
    }
}
