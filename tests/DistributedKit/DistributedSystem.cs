using VerSemi.DistributedKit.Links;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit;

/// <summary>
/// The whole platform as its processes, on a virtual host, a database and a container of its own. Settings are given as
/// the services read them: "Orchestrator:QuietWindow".
/// </summary>
public sealed class DistributedSystem : IAsyncDisposable
{
    private readonly List<ServiceProcess> _processes = [];
    private readonly Dictionary<ServiceProcess, ServiceLinks> _links = [];
    private readonly Dictionary<string, string> _settings;
    private readonly TempFolder _scratch = new();
    private readonly ServerSet _servers;

    private DistributedSystem(ServerSet servers, Dictionary<string, string> settings) =>
        (_servers, BlobProxy, _settings) = (servers, new BreakingProxy(servers.Azurite.BlobPort), settings);

    public RabbitMqVirtualHost Rabbit => _servers.Rabbit;
    public PostgresServer Postgres => _servers.Postgres;
    public AzuriteServer Azurite => _servers.Azurite;
    public string Database { get; private set; } = "";
    public string Container { get; private set; } = $"versemi-{Guid.NewGuid():N}";

    /// <summary>The services reach the blobs through it: to slow it down or cut it off is a fault of the store.</summary>
    public BreakingProxy BlobProxy { get; }

    /// <summary>Whether each process that is started from now on reaches its servers through <see cref="LinksOf"/>.</summary>
    public bool HasLinks { get; set; }

    /// <summary>How a service is started; null: as a process.</summary>
    public ProgramStart? HowToStart { get; set; }

    /// <summary>The servers; no process yet.</summary>
    /// <param name="servers">Disposed with the system; null: those that all tests share.</param>
    public static async Task<DistributedSystem> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, ServerSet? servers = null, CancellationToken cancellation = default)
    {
        var system = new DistributedSystem(servers ?? await ServerSet.SharedAsync(), new(settings ?? new Dictionary<string, string>()));
        system.Database = await system.Postgres.CreateDatabaseAsync(cancellation: cancellation);
        return system;
    }

    /// <summary>Processes that are started from now on work on another database or container. Null: the same.</summary>
    public void MoveTo(string? database = null, string? container = null) => (Database, Container) = (database ?? Database, container ?? Container);

    /// <summary>A service, ready.</summary>
    public async Task<ServiceProcess> AddAsync(string project, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellation = default)
    {
        var process = Start(project, [], settings);
        await process.ReadyAsync(Eventually.Patience, cancellation);
        return process;
    }

    /// <summary>A service, just started.</summary>
    /// <param name="more">Environment variables beside its settings.</param>
    public ServiceProcess Start(string project, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? more = null)
    {
        var environment = EnvironmentOf(settings);
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
            environment[name] = value;
        var links = HasLinks ? ServiceLinks.Open(this, project, environment) : null;
        var process = new ServiceProcess(project, arguments, environment, HowToStart);
        lock (_processes)
        {
            _processes.Add(process);
            if (links is not null)
                _links[process] = links;
        }
        return process;
    }

    /// <summary>Of a process that was started while <see cref="HasLinks"/>.</summary>
    public ServiceLinks LinksOf(ServiceProcess process)
    {
        lock (_processes)
            return _links[process];
    }

    public IReadOnlyList<ServiceProcess> Running
    {
        get
        {
            lock (_processes)
                return [.. _processes.Where(process => process.IsRunning)];
        }
    }

    /// <summary>The container without the proxy, for a test to look into.</summary>
    public AzureBlobStore OpenBlobs() => new(new BlobOptions
    {
        Store = BlobOptions.AzureStore,
        ConnectionString = Azurite.ConnectionString,
        Container = Container,
        CacheFolder = _scratch["look"],
    }, TimeProvider.System);

    /// <summary>What the services, or a command line, are started with.</summary>
    public Dictionary<string, string> EnvironmentOf(IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["VERSEMI__SERVICE__LOGFORMAT"] = "simple",
            ["VERSEMI__TRAINER__SCRATCH"] = _scratch["trainer"],
            ["VERSEMI__TRAINER__THREADS"] = "1",
            ["VERSEMI__INGEST__WORKFOLDER"] = _scratch[$"ingest-{Guid.NewGuid():N}"],
        };
        foreach (var (name, value) in Rabbit.Settings().Concat(PostgresServer.SettingsOf(Database)).Concat(Azurite.Environment(Container)))
            environment[name] = value;
        environment["VERSEMI__BLOBS__CONNECTIONSTRING"] = Azurite.ConnectionStringTo(BlobProxy.Port);
        environment["VERSEMI__BLOBS__CACHEFOLDER"] = _scratch["cache"];
        foreach (var (name, value) in _settings.Concat(settings ?? new Dictionary<string, string>()))
            environment["VERSEMI__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        foreach (var links in _links.Values)
            await links.DisposeAsync();
        await BlobProxy.DisposeAsync();
        await _servers.DisposeAsync();
        _scratch.Dispose();
    }
}
