using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Startup;

/// <summary>Servers that answer and refuse: for a while as long as they start, for good where the settings are wrong.</summary>
public sealed class RefusingServerTests(IdleServers servers) : IClassFixture<IdleServers>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_does_not_know_the_user_yet_is_waited_for()
    {
        await servers.StartAllAsync(Cancellation);
        await using var service = servers.System.Start("Ingest", [], new Dictionary<string, string> { ["Bus:User"] = "late", ["Bus:Password"] = "late-password" });
        await service.WaitsForAsync("RabbitMQ", "it refuses user 'late' on virtual host '/'", Cancellation);

        await servers.System.Rabbit.AddUserAsync("late", "late-password", ".*", ".*", ".*");

        await service.ReadyAsync(Eventually.Patience, Cancellation);
    }

    [Fact]
    public async Task A_wrong_password_ends_the_start_in_plain_words()
    {
        await servers.StartAllAsync(Cancellation);

        var said = await FailsAsync("GpuTrainer", new() { ["Bus:Password"] = "wrong" });

        Assert.Contains($"RabbitMQ at 127.0.0.1:{servers.System.Rabbit.Server.Port}: it refuses user '{servers.System.Rabbit.Server.User}' on virtual host '/': ", said, StringComparison.Ordinal);
        Assert.Contains("Check Bus:User, Bus:Password and Bus:VirtualHost", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_that_the_broker_does_not_grant_ends_the_start_and_is_named()
    {
        await servers.StartAllAsync(Cancellation);
        await servers.System.Rabbit.AddUserAsync("poor", "poor-password", "^$", "^$", "^$");

        var said = await FailsAsync("Ingest", new() { ["Bus:User"] = "poor", ["Bus:Password"] = "poor-password" });

        Assert.Contains("Grant user 'poor' configure, write and read on '^ingest(_error|_dead)?$'.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Username=versemi", "Username=stranger", "role \"stranger\" does not exist (28000). Check Username and Password")]
    [InlineData("Username=versemi", "Username=reader", "permission denied for schema public (42501). Grant the user the right")]
    [InlineData("Database=", "Database=no", "does not exist (3D000). Make the database (createdb)")]
    public async Task What_the_database_refuses_ends_the_start_and_is_named(string part, string other, string words)
    {
        await servers.StartAllAsync(Cancellation);
        await servers.AddRoleAsync("reader", Cancellation);
        var settings = await servers.FreshDatabaseAsync(connection => connection.Replace(part, other, StringComparison.Ordinal), Cancellation);

        var said = await FailsAsync("Orchestrator", settings);

        Assert.Contains($"PostgreSQL at 127.0.0.1:{servers.System.Postgres.Port}: ", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_a_faulty_setting()
    {
        await servers.StartAllAsync(Cancellation);

        var said = await FailsAsync("Orchestrator", new() { [IdleServers.Connection] = "Host=127.0.0.1;Pasword=secret" });

        Assert.Contains("Orchestrator:Database:ConnectionString cannot be read", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    /// <returns>What it said.</returns>
    private async Task<string> FailsAsync(string project, Dictionary<string, string> settings)
    {
        settings["Service:RefusedFor"] = "00:00:02";
        await using var service = servers.System.Start(project, [], settings);
        Assert.Equal(1, await service.WaitAsync(Cancellation).WaitAsync(Eventually.Patience, Cancellation));
        return service.Log;
    }
}
