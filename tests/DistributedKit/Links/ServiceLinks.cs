namespace VerSemi.DistributedKit.Links;

/// <summary>The links of one process: to the broker, to the blobs and, of an orchestrator, to the database.</summary>
public sealed class ServiceLinks : IAsyncDisposable
{
    private const string Database = "VERSEMI__ORCHESTRATOR__DATABASE__CONNECTIONSTRING";

    private ServiceLinks(LinkProxy broker, LinkProxy blobs, LinkProxy? rows) => (Broker, Blobs, Rows) = (broker, blobs, rows);

    public LinkProxy Broker { get; }
    public LinkProxy Blobs { get; }

    /// <summary>Null for a service without a database.</summary>
    public LinkProxy? Rows { get; }

    public IEnumerable<LinkProxy> All => new[] { Broker, Blobs, Rows }.OfType<LinkProxy>();

    /// <param name="environment">Of the process; its addresses become those of the links.</param>
    public static ServiceLinks Open(DistributedSystem system, string project, Dictionary<string, string> environment)
    {
        var links = new ServiceLinks(new LinkProxy(system.Rabbit.Server.Port), new LinkProxy(system.BlobProxy.Port), project == "Orchestrator" ? new LinkProxy(system.Postgres.Port) : null);
        environment["VERSEMI__BUS__PORT"] = $"{links.Broker.Port}";
        environment["VERSEMI__BLOBS__CONNECTIONSTRING"] = system.Azurite.ConnectionStringTo(links.Blobs.Port);
        if (links.Rows is { } rows)
            environment[Database] = environment[Database].Replace($"Port={system.Postgres.Port};", $"Port={rows.Port};", StringComparison.Ordinal);
        return links;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in All)
            await link.DisposeAsync();
    }
}
