using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using VerSemi.DistributedKit;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Startup;

/// <summary>The three servers, which a test stops and starts as it needs them.</summary>
public sealed class IdleServers : IAsyncLifetime
{
    public const string Connection = "Orchestrator:Database:ConnectionString";

    public DistributedSystem System { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        System = await DistributedSystem.StartAsync(QuickSettings.With(("Blobs:Retries", "0"), ("Orchestrator:Lines:main:Recipe", "demo")),
            await ServerSet.OwnAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    public async Task StartAllAsync(CancellationToken cancellation)
    {
        if (!await IsOpenAsync(System.Rabbit.Server.Port))
            await System.Rabbit.Server.StartAsync(cancellation);
        if (!await IsOpenAsync(System.Postgres.Port))
            await System.Postgres.StartAgainAsync(cancellation);
        await System.Azurite.StartAsync(cancellation);
    }

    public async Task StopAllAsync()
    {
        await StartAllAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(System.Rabbit.Server.StopAsync(), System.Postgres.StopAsync(), System.Azurite.StopAsync());
    }

    /// <summary>Settings of an orchestrator whose database was never migrated; it is made first where the server runs, else the server starts for a moment.</summary>
    public async Task<Dictionary<string, string>> FreshDatabaseAsync(Func<string, string>? change = null, CancellationToken cancellation = default)
    {
        var wasStopped = !await IsOpenAsync(System.Postgres.Port);
        if (wasStopped)
            await System.Postgres.StartAgainAsync(cancellation);
        var connection = await System.Postgres.CreateDatabaseAsync(cancellation: cancellation);
        if (wasStopped)
            await System.Postgres.StopAsync();
        return new() { [Connection] = change?.Invoke(connection) ?? connection };
    }

    /// <summary>A role that may connect, and nothing else.</summary>
    public async Task AddRoleAsync(string name, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(System.Database);
        await connection.OpenAsync(cancellation);
        await using var add = new NpgsqlCommand($"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$", connection);
        await add.ExecuteNonQueryAsync(cancellation);
    }

    public ValueTask DisposeAsync() => System.DisposeAsync();

    private static async Task<bool> IsOpenAsync(int port)
    {
        using var client = new global::System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (global::System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}

internal static class Readiness
{
    /// <summary>What the service says of its readiness, by part.</summary>
    public static async Task<JsonObject> ReadinessAsync(this ServiceProcess service, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(service.Management, ServiceProcess.ReadyProbe), cancellation);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!.AsObject();
    }

    public static Task WaitsForAsync(this ServiceProcess service, string server, string reason, CancellationToken cancellation) =>
        Eventually.TrueAsync($"{service.Project} waits for {server} because of '{reason}'", async () =>
        {
            Assert.True(service.IsRunning, service.Log);
            var waits = await service.WaitsAsync(cancellation);
            return waits.Contains($"{server}", StringComparison.Ordinal) && waits[waits.IndexOf(server, StringComparison.Ordinal)..].Contains(reason, StringComparison.OrdinalIgnoreCase);
        }, cancellation);

    public static Task NoLongerWaitsForAsync(this ServiceProcess service, string server, CancellationToken cancellation) =>
        Eventually.TrueAsync($"{service.Project} has found {server}", async () => !(await service.WaitsAsync(cancellation)).Contains(server, StringComparison.Ordinal), cancellation);

    private static async Task<string> WaitsAsync(this ServiceProcess service, CancellationToken cancellation) =>
        (await service.ReadinessAsync(cancellation))["service"]!.GetValue<string>();
}
