using System.Diagnostics;

namespace VerSemi.TestKit.Servers;

/// <summary>Where a broker's node keeps what its programs need to reach it, so that another process can call them too.</summary>
public sealed record RabbitMqNodeAddress(string Folder, string Name, int Port, int MapperPort, int DistributionPort, int VirtualHosts);

/// <summary>How the programs of one broker are called: everything they would share with another one is its own here.</summary>
internal sealed class RabbitMqNode
{
    public const string User = "versemi";
    public const string Password = "versemi-test";

    // The wrapper in /usr/sbin changes user and loses the environment.
    private static readonly string[] Folders = ["/usr/lib/rabbitmq/bin"];
    private readonly string _server = TestServers.RequireProgram("rabbitmq-server", Folders);
    private readonly string _ctl = TestServers.RequireProgram("rabbitmqctl", Folders);
    private readonly string _epmd = TestServers.RequireProgram("epmd", "/usr/lib/erlang/bin");

    public RabbitMqNode(RabbitMqNodeAddress address) => Address = address;

    /// <summary>A node that was never started, in an empty folder.</summary>
    public static RabbitMqNode Create(string folder, RabbitMqServerOptions options)
    {
        var node = new RabbitMqNode(new RabbitMqNodeAddress(
            folder, $"versemi-{Guid.NewGuid():N}@localhost", TestServers.FreePort(), TestServers.FreePort(), TestServers.FreePort(), options.VirtualHosts));
        foreach (var name in new[] { "data", "log", "home", "conf.d", VirtualHostPool.Folder })
            Directory.CreateDirectory(node[name]);
        File.WriteAllText(node["rabbitmq.conf"], string.Join('\n', [.. Config(), $"load_definitions = {node["definitions.json"]}", .. options.Config, ""]));
        File.WriteAllText(node["definitions.json"], VirtualHostPool.Definitions(options.VirtualHosts, User, Password));
        File.WriteAllText(node["plugins"], "[].\n");
        File.WriteAllText(node["env.conf"], "");
        File.WriteAllText(node["advanced.config"], options.Advanced + "\n");
        var cookie = node["home/.erlang.cookie"];
        File.WriteAllText(cookie, Guid.NewGuid().ToString("N"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        return node;
    }

    public RabbitMqNodeAddress Address { get; }

    public string this[string file] => Path.Combine(Address.Folder, file);

    /// <summary>Erlang starts its port mapper as a daemon, which would outlive the broker: this one is ours to stop.</summary>
    public ProcessStartInfo Mapper() => Start(_epmd, ["-port", $"{Address.MapperPort}", "-address", "127.0.0.1"]);

    public ProcessStartInfo Broker() => Start("/bin/sh", ["-c", $"exec \"$0\" >>'{this["log/console"]}' 2>&1 </dev/null", _server]);

    public ProcessStartInfo Ctl(IEnumerable<string> arguments) => Start(_ctl, ["-q", "-n", Address.Name, .. arguments]);

    public string Log() => File.Exists(this["log/console"]) ? File.ReadAllText(this["log/console"]) : "it said nothing";

    private static IEnumerable<string> Config() =>
    [
        "vm_memory_high_watermark.absolute = 512MB",
        "disk_free_limit.absolute = 50MB",
        "raft.wal_max_size_bytes = 16777216",
        "log.file = false",
        "log.console = true",
        "log.console.level = warning",
    ];

    private ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("RABBITMQ_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in Variables())
            start.Environment[name] = value;
        return start;
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = this["home"],
        ["ERL_EPMD_PORT"] = $"{Address.MapperPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = Address.Name,
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{Address.Port}",
        ["RABBITMQ_DIST_PORT"] = $"{Address.DistributionPort}",
        ["RABBITMQ_BASE"] = Address.Folder,
        ["RABBITMQ_MNESIA_BASE"] = this["data"],
        ["RABBITMQ_LOG_BASE"] = this["log"],
        ["RABBITMQ_PID_FILE"] = this["pid"],
        ["RABBITMQ_CONFIG_FILE"] = this["rabbitmq.conf"],
        ["RABBITMQ_CONFIG_FILES"] = this["conf.d"],
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = this["advanced.config"],
        ["RABBITMQ_CONF_ENV_FILE"] = this["env.conf"],
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = this["plugins"],
        // Without it the script stays as a parent process, and the process started is not the broker.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_CTL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
    };
}
