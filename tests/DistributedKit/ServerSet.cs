using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit;

/// <summary>The servers under a <see cref="DistributedSystem"/>: shared ones, or its own where a test breaks or configures them.</summary>
public sealed class ServerSet : IAsyncDisposable
{
    private readonly IReadOnlyList<IAsyncDisposable> _owned;

    private ServerSet(RabbitMqVirtualHost rabbit, PostgresServer postgres, AzuriteServer azurite, params IReadOnlyList<IAsyncDisposable> owned) =>
        (Rabbit, Postgres, Azurite, _owned) = (rabbit, postgres, azurite, owned);

    public RabbitMqVirtualHost Rabbit { get; }
    public PostgresServer Postgres { get; }
    public AzuriteServer Azurite { get; }

    public static async Task<ServerSet> SharedAsync() => new(
        await (await SharedServers.RabbitMqAsync()).TakeVirtualHostAsync(), await SharedServers.PostgresAsync(), await SharedServers.AzuriteAsync());

    /// <summary>A broker of its own beside the shared database and blobs.</summary>
    public static async Task<ServerSet> WithBrokerAsync(RabbitMqServerOptions options, CancellationToken cancellation = default)
    {
        var rabbit = await RabbitMqServer.StartAsync(options, cancellation);
        return new ServerSet(rabbit.Root, await SharedServers.PostgresAsync(), await SharedServers.AzuriteAsync(), rabbit);
    }

    /// <summary>Servers to be killed: what the database has acknowledged is on the disk.</summary>
    public static async Task<ServerSet> OwnAsync(CancellationToken cancellation = default)
    {
        var rabbit = RabbitMqServer.StartAsync(cancellation: cancellation);
        var postgres = PostgresServer.StartAsync(durable: true, cancellation);
        var azurite = AzuriteServer.StartNewAsync(cancellation);
        try
        {
            await Task.WhenAll(rabbit, postgres, azurite);
        }
        catch
        {
            await DisposeAsync(rabbit);
            await DisposeAsync(postgres);
            await DisposeAsync(azurite);
            throw;
        }
        return new ServerSet((await rabbit).Root, await postgres, await azurite, await rabbit, await postgres, await azurite);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _owned)
            await server.DisposeAsync();
    }

    private static async Task DisposeAsync<T>(Task<T> start) where T : IAsyncDisposable
    {
        if (start.IsCompletedSuccessfully)
            await (await start).DisposeAsync();
    }
}
