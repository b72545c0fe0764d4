using System.Text.Json.Nodes;
using Npgsql;
using VerSemi.Domain;

namespace VerSemi.DistributedTests;

/// <summary>`versemi drill` on a system of its own: what it breaks is broken for real, and what it says of that is true.</summary>
public sealed class DrillTests(DrillFixture system) : IClassFixture<DrillFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_trainer_sees_another_trainer_go_on()
    {
        await system.TrainAsync(Cancellation);

        var (code, report) = await system.DrillAsync("kill-trainer", "--within", "60", "--watch", "2");

        Assert.Equal(0, code);
        AssertRecovered(report);
        Assert.Equal("attempt 1 has lost its lease", report["noticedBy"]!.GetValue<string>());
        Assert.StartsWith("attempt 2: ", report["recoveredBy"]!.GetValue<string>());
        Assert.Equal(1, system.System.Running.Count(process => process.Project == "GpuTrainer"));
    }

    [Fact]
    public async Task Pause_trainer_lets_it_go_on_once_its_loss_was_noticed_and_a_slow_recovery_is_a_failure()
    {
        await system.TrainAsync(Cancellation);

        var (code, report) = await system.DrillAsync("pause-trainer", "--within", "0.5", "--watch", "2");

        Assert.Equal(1, code);
        AssertRecovered(report, passed: false);
        Assert.True(Seconds(report, "overAfter") >= Seconds(report, "noticedAfter"));
        await system.CalmAsync(Cancellation);
        Assert.Equal(2, system.System.Running.Count(process => process.Project == "GpuTrainer"));
    }

    [Fact]
    public async Task Kill_orchestrator_sees_the_other_one_go_on()
    {
        await system.TrainAsync(Cancellation);
        var victim = system.Any;

        var (code, report) = await system.DrillAsync("kill-orchestrator", "--within", "60", "--watch", "2");

        Assert.Equal(0, code);
        AssertRecovered(report);
        Assert.False(victim.IsRunning);
        Assert.Contains($"{victim.Url}", report["noticedBy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Restart_broker_is_gone_through()
    {
        await system.TrainAsync(Cancellation);
        var (restore, done) = system.Callback(() => system.System.Rabbit.Server.StartAsync(Cancellation), Cancellation);

        var (code, report) = await system.DrillAsync("restart-broker", "--inject", $"kill -9 {system.System.Rabbit.Server.Pid}", "--restore", restore, "--for", "1", "--within", "90", "--watch", "3");

        await done;
        Assert.Equal(0, code);
        AssertRecovered(report);
    }

    [Fact]
    public async Task Restart_database_is_gone_through()
    {
        await system.TrainAsync(Cancellation);
        var (inject, broken) = system.Callback(system.System.Postgres.KillAsync, Cancellation);
        var (restore, mended) = system.Callback(() => system.System.Postgres.StartAgainAsync(Cancellation), Cancellation);

        var (code, report) = await system.DrillAsync("restart-database", "--inject", inject, "--restore", restore, "--for", "1", "--within", "60", "--watch", "2");

        await Task.WhenAll(broken, mended);
        Assert.Equal(0, code);
        // Its questions waited so long: nothing need have failed.
        AssertRecovered(report, noticed: false);
    }

    [Fact]
    public async Task Blob_outage_is_gone_through()
    {
        await system.TrainAsync(Cancellation);
        var (inject, broken) = system.Callback(() => Do(system.System.BlobProxy.Refuse), Cancellation);
        var (restore, mended) = system.Callback(() => Do(system.System.BlobProxy.Allow), Cancellation);

        var (code, report) = await system.DrillAsync("blob-outage", "--inject", inject, "--restore", restore, "--for", "2", "--within", "60", "--watch", "2");

        await Task.WhenAll(broken, mended);
        Assert.Equal(0, code);
        AssertRecovered(report);
    }

    /// <summary>What no fault of ours does, done by hand: the drill would see it.</summary>
    [Fact]
    public async Task What_is_lost_and_doubled_is_reported_and_fails_the_drill()
    {
        await system.CalmAsync(Cancellation);
        var (inject, harmed) = system.Callback(HarmAsync, Cancellation);

        var (code, report) = await system.DrillAsync("restart-database", "--inject", inject, "--watch", "1");
        await harmed;
        await SqlAsync("""DELETE FROM ledger WHERE "Generation" = 1000""");

        Assert.Equal(1, code);
        Assert.Equal("drop tiny is gone", report["dropsLost"]!.AsArray().Single()!.GetValue<string>());
        Assert.EndsWith("was promoted 2 times", report["promotionsDoubled"]!.AsArray().Single()!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_training_a_trainer_is_not_killed()
    {
        await system.CalmAsync(Cancellation);

        var (code, _, errors) = await system.RunAsync("kill-trainer", "--yes");

        Assert.Equal(1, code);
        Assert.Contains("needs a training under way, and there is none", errors);
    }

    [Fact]
    public async Task A_command_that_fails_is_named()
    {
        var (code, _, errors) = await system.RunAsync("restart-broker", "--inject", "exit 7", "--yes");

        Assert.Equal(1, code);
        Assert.Contains("'exit 7' ended with exit code 7", errors);
    }

    [Fact]
    public async Task A_server_is_not_taken_away_without_a_command()
    {
        var (code, _, errors) = await system.RunAsync("restart-broker", "--yes");

        Assert.Equal(2, code);
        Assert.Contains("needs --inject", errors);
    }

    private static void AssertRecovered(JsonNode report, bool passed = true, bool noticed = true)
    {
        Assert.True(!noticed || Seconds(report, "noticedAfter") >= 0);
        Assert.True(Seconds(report, "recoveredAfter") >= Seconds(report, noticed ? "noticedAfter" : "overAfter"));
        foreach (var loss in new[] { "dropsLost", "promotionsLost", "promotionsDoubled", "cyclesFailed", "stuck", "stillUnderWay" })
            Assert.Empty(report[loss]!.AsArray());
        Assert.Single(report["underWay"]!.AsArray());
        Assert.Equal(passed, report["passed"]!.GetValue<bool>());
    }

    private static double Seconds(JsonNode report, string member) => report[member]!.GetValue<double>();

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task HarmAsync()
    {
        var blobs = system.System.OpenBlobs();
        await foreach (var blob in blobs.ListAsync(BlobLayout.Drop("tiny"), Cancellation))
            await blobs.DeleteAsync(blob.Path, Cancellation);
        await SqlAsync("""
            CREATE TEMPORARY TABLE doubled AS SELECT * FROM ledger WHERE "Kind" = 'promotion' ORDER BY "Generation" LIMIT 1;
            UPDATE doubled SET "Generation" = 1000;
            INSERT INTO ledger SELECT * FROM doubled
            """);
    }

    private async Task SqlAsync(string statements)
    {
        await using var connection = new NpgsqlConnection(system.System.Database + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
