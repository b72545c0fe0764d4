using Npgsql;
using VerSemi.DistributedKit;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Startup;

/// <summary>Services that are started before their servers.</summary>
public sealed class AbsentServerTests(IdleServers servers) : IClassFixture<IdleServers>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Orchestrator")]
    [InlineData("Ingest")]
    [InlineData("GpuTrainer")]
    [InlineData("GpuTrainer", "--segmentation")]
    public async Task A_service_lives_waits_for_each_of_its_servers_by_name_and_is_ready_when_the_last_is_there(string project, params string[] arguments)
    {
        var system = servers.System;
        await servers.StopAllAsync();
        await using var service = system.Start(project, arguments, await servers.FreshDatabaseAsync(cancellation: Cancellation));
        string[] awaited = [$"RabbitMQ at 127.0.0.1:{system.Rabbit.Server.Port}", "the blob store on Azure", .. project == "Orchestrator" ? [$"PostgreSQL at 127.0.0.1:{system.Postgres.Port}"] : Array.Empty<string>()];

        foreach (var name in awaited)
            await service.WaitsForAsync(name, name == awaited[1] ? "did not answer" : "refused", Cancellation);
        Assert.True(await service.ProbeAsync(ServiceProcess.LiveProbe, Cancellation));
        await Eventually.TrueAsync("the log says it, too", () => Task.FromResult(
            awaited.All(name => service.Log.Contains($"The start waits for {name}", StringComparison.Ordinal))), Cancellation);

        await system.Azurite.StartAsync(Cancellation);
        await service.NoLongerWaitsForAsync(awaited[1], Cancellation);
        Assert.False(await service.IsReadyAsync(Cancellation));
        if (project == "Orchestrator")
        {
            await system.Postgres.StartAgainAsync(Cancellation);
            await service.NoLongerWaitsForAsync(awaited[2], Cancellation);
            Assert.False(await service.IsReadyAsync(Cancellation));
        }
        await system.Rabbit.Server.StartAsync(Cancellation);
        await service.ReadyAsync(Eventually.Patience, Cancellation);
        Assert.Equal("Healthy", (await service.ReadinessAsync(Cancellation))["service"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_trainer_of_one_message_waits_for_the_broker_and_then_as_long_as_ever_for_its_message()
    {
        await servers.StartAllAsync(Cancellation);
        await servers.System.Rabbit.Server.StopAsync();
        await using var trainer = servers.System.Start("GpuTrainer", ["--one-shot"], new Dictionary<string, string> { ["Trainer:OneShotWait"] = "00:00:02" });
        await trainer.WaitsForAsync("RabbitMQ", "refused", Cancellation);

        await servers.System.Rabbit.Server.StartAsync(Cancellation);

        Assert.Equal(0, await trainer.WaitAsync(Cancellation));
        Assert.Contains("No run was granted within 2 s", trainer.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_no_name_server_knows_is_waited_for()
    {
        await servers.StartAllAsync(Cancellation);
        var settings = await servers.FreshDatabaseAsync(connection => connection.Replace("Host=127.0.0.1", "Host=database.invalid", StringComparison.Ordinal), Cancellation);
        settings["Bus:Host"] = "broker.invalid";
        await using var service = servers.System.Start("Orchestrator", [], settings);

        await service.WaitsForAsync("PostgreSQL at database.invalid", "", Cancellation);
        await service.WaitsForAsync("RabbitMQ at broker.invalid", "", Cancellation);
        await Eventually.TrueAsync("both waits are logged", () => Task.FromResult(
            service.Log.Contains("The start waits for PostgreSQL at database.invalid", StringComparison.Ordinal) && service.Log.Contains("The start waits for RabbitMQ at broker.invalid", StringComparison.Ordinal)), Cancellation);
        Assert.True(await service.ProbeAsync(ServiceProcess.LiveProbe, Cancellation));
    }

    [Fact]
    public async Task A_database_that_is_still_starting_is_waited_for()
    {
        await servers.StartAllAsync(Cancellation);
        var settings = await servers.FreshDatabaseAsync(cancellation: Cancellation);
        await servers.System.Postgres.StopAsync();
        await servers.System.Postgres.StartRejectingAsync(Cancellation);
        await using var service = servers.System.Start("Orchestrator", [], settings);

        await service.WaitsForAsync("PostgreSQL", "57P03", Cancellation);

        await servers.System.Postgres.StopAsync();
        await servers.System.Postgres.StartAgainAsync(Cancellation);
        await service.ReadyAsync(Eventually.Patience, Cancellation);
    }

    [Fact]
    public async Task A_migration_that_another_replica_holds_is_waited_for()
    {
        await servers.StartAllAsync(Cancellation);
        var settings = await servers.FreshDatabaseAsync(cancellation: Cancellation);
        await using var other = new NpgsqlConnection(settings[IdleServers.Connection] + ";Pooling=false");
        await other.OpenAsync(Cancellation);
        await using (var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({0x56657253656D69})", other))
            await hold.ExecuteNonQueryAsync(Cancellation);
        await using var service = servers.System.Start("Orchestrator", [], settings);

        await service.WaitsForAsync("PostgreSQL", "another replica holds the migration's lock", Cancellation);

        await other.CloseAsync();
        await service.ReadyAsync(Eventually.Patience, Cancellation);
    }

    [Fact]
    public async Task A_service_that_waits_stops_in_order_when_it_is_told_to()
    {
        await servers.StartAllAsync(Cancellation);
        await servers.System.Rabbit.Server.StopAsync();
        await using var service = servers.System.Start("Ingest", []);
        await service.WaitsForAsync("RabbitMQ", "", Cancellation);

        await service.SignalAsync("TERM");

        Assert.Equal(0, await service.WaitAsync(Cancellation));
    }
}
