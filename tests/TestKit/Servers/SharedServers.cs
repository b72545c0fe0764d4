using System.Text.Json;

namespace VerSemi.TestKit.Servers;

/// <summary>Where the servers of a test run listen.</summary>
public sealed record SharedServerAddresses(RabbitMqNodeAddress? RabbitMq, int? PostgresPort, int? AzuriteBlobPort, int? AzuriteQueuePort, int? AzuriteTablePort);

/// <summary>
/// One RabbitMQ, PostgreSQL and Azurite for all tests that do not break them: a fixture takes a virtual host, a database or
/// a container of its own. `./test` starts them once for all suites (tests/RunServers); a suite started by itself starts
/// those it asks for.
/// </summary>
public static class SharedServers
{
    /// <summary>Names the file in which `./test` says where its servers listen.</summary>
    public const string Variable = "VERSEMI_TEST_SERVERS";

    private const int VirtualHosts = 24;

    private static readonly Lazy<Task<SharedServerAddresses?>> _addresses = new(ReadAsync);

    private static readonly Lazy<Task<RabbitMqServer>> _rabbitMq = new(async () => await AddressAsync(all => all.RabbitMq) is { } address
        ? RabbitMqServer.Attach(address)
        : Own(await StartRabbitMqAsync()));

    private static readonly Lazy<Task<PostgresServer>> _postgres = new(async () => await AddressAsync(all => all.PostgresPort) is { } port
        ? PostgresServer.Attach(port)
        : Own(await PostgresServer.StartAsync()));

    private static readonly Lazy<Task<AzuriteServer>> _azurite = new(async () => await AddressAsync(all => all.AzuriteBlobPort) is { } port
        ? AzuriteServer.Attach(port, (await AddressAsync(all => all.AzuriteQueuePort))!.Value, (await AddressAsync(all => all.AzuriteTablePort))!.Value)
        : Own(await AzuriteServer.StartNewAsync()));

    public static Task<RabbitMqServer> RabbitMqAsync() => _rabbitMq.Value;

    public static Task<PostgresServer> PostgresAsync() => _postgres.Value;

    public static Task<AzuriteServer> AzuriteAsync() => _azurite.Value;

    /// <summary>A broker with a pool of virtual hosts.</summary>
    public static Task<RabbitMqServer> StartRabbitMqAsync(int virtualHosts = VirtualHosts) =>
        RabbitMqServer.StartAsync(new RabbitMqServerOptions { VirtualHosts = virtualHosts });

    /// <summary>A fresh database on the shared server; its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync(CancellationToken cancellation = default) =>
        await (await PostgresAsync()).CreateDatabaseAsync(cancellation: cancellation);

    private static async Task<T?> AddressAsync<T>(Func<SharedServerAddresses, T?> select) => await _addresses.Value is { } all ? select(all) : default;

    /// <summary>Waits until the servers that were started beside the suite answer. Null where none were.</summary>
    private static async Task<SharedServerAddresses?> ReadAsync() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file
        ? await Eventually.GetAsync($"the shared servers are named in {file}", async () =>
            File.Exists(file) ? JsonSerializer.Deserialize<SharedServerAddresses>(await File.ReadAllTextAsync(file)) : null)
        : null;

    /// <summary>Stops a server of this process's own at its end: no fixture can know that it is the last.</summary>
    private static T Own<T>(T server) where T : IAsyncDisposable
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}
