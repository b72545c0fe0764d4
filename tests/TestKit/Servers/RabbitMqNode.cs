using System.Diagnostics;

namespace VerSemi.TestKit.Servers;

/// <summary>How the programs of one broker are called: everything they would share with another one is its own here.</summary>
internal sealed class RabbitMqNode : IDisposable
{
    public const string User = "versemi";
    public const string Password = "versemi-test";

    // The wrapper in /usr/sbin changes user and loses the environment.
    private static readonly string[] Folders = ["/usr/lib/rabbitmq/bin"];
    private readonly string _server = TestServers.RequireProgram("rabbitmq-server", Folders);
    private readonly string _ctl = TestServers.RequireProgram("rabbitmqctl", Folders);
    private readonly string _epmd = TestServers.RequireProgram("epmd", "/usr/lib/erlang/bin");
    private readonly string _name = $"versemi-{Guid.NewGuid():N}@localhost";
    private readonly int _mapperPort = TestServers.FreePort();
    private readonly int _distributionPort = TestServers.FreePort();
    private readonly TempFolder _folder = new();

    public RabbitMqNode(RabbitMqServerOptions options)
    {
        foreach (var name in new[] { "data", "log", "home", "conf.d" })
            Directory.CreateDirectory(_folder[name]);
        File.WriteAllText(_folder["rabbitmq.conf"], string.Join('\n', [.. Config(), .. options.Config, ""]));
        File.WriteAllText(_folder["plugins"], "[].\n");
        File.WriteAllText(_folder["env.conf"], "");
        File.WriteAllText(_folder["advanced.config"], options.Advanced + "\n");
        var cookie = _folder["home/.erlang.cookie"];
        File.WriteAllText(cookie, Guid.NewGuid().ToString("N"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
    }

    public int Port { get; } = TestServers.FreePort();

    /// <summary>Erlang starts its port mapper as a daemon, which would outlive the broker: this one is ours to stop.</summary>
    public ProcessStartInfo Mapper() => Start(_epmd, ["-port", $"{_mapperPort}", "-address", "127.0.0.1"]);

    public ProcessStartInfo Broker() => Start("/bin/sh", ["-c", $"exec \"$0\" >>'{_folder["log/console"]}' 2>&1 </dev/null", _server]);

    public ProcessStartInfo Ctl(IEnumerable<string> arguments) => Start(_ctl, ["-q", "-n", _name, .. arguments]);

    public string Log() => File.Exists(_folder["log/console"]) ? File.ReadAllText(_folder["log/console"]) : "it said nothing";

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Config() =>
    [
        $"default_user = {User}",
        $"default_pass = {Password}",
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
        ["HOME"] = _folder["home"],
        ["ERL_EPMD_PORT"] = $"{_mapperPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = _name,
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{Port}",
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_BASE"] = _folder.Path,
        ["RABBITMQ_MNESIA_BASE"] = _folder["data"],
        ["RABBITMQ_LOG_BASE"] = _folder["log"],
        ["RABBITMQ_PID_FILE"] = _folder["pid"],
        ["RABBITMQ_CONFIG_FILE"] = _folder["rabbitmq.conf"],
        ["RABBITMQ_CONFIG_FILES"] = _folder["conf.d"],
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = _folder["advanced.config"],
        ["RABBITMQ_CONF_ENV_FILE"] = _folder["env.conf"],
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder["plugins"],
        // Without it the script stays as a parent process, and the process started is not the broker.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_CTL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
    };
}
