using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using VerSemi.ManifestTests.Agreement;
using VerSemi.Platform.Hosting;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;
using YamlDotNet.RepresentationModel;

namespace VerSemi.ImageTests.Compose;

/// <summary>infra/local: what can be said of it where no image can be pulled.</summary>
public sealed class ComposeTests
{
    private static readonly ComposeFile _file = ComposeFile.Read();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => [.. _file.Services.Keys];
    public static TheoryData<string> Own => [.. _file.Own.Keys];

    [Fact]
    public async Task Compose_itself_takes_the_file()
    {
        using var folder = new TempFolder();
        var env = folder["env"];
        await File.WriteAllLinesAsync(env, Filled().Select(variable => $"{variable.Key}={variable.Value}"), Cancellation);

        var rendered = ComposeFile.Parse(await TestServers.RunAsync(new ProcessStartInfo(
            TestServers.RequireProgram("docker-compose"), ["--env-file", env, "--file", Path.Combine(ComposeFile.Folder, "compose.yaml"), "config"]), Cancellation));

        Assert.Equal(_file.Services.Keys.Order(), ComposeFile.Map(rendered, "services").Select(service => ((YamlScalarNode)service.Key).Value!).Order());
    }

    [Fact]
    public void The_whole_platform_is_there() => Assert.Equal(
        ["azurite", "collector", "gpu-trainer", "grafana", "ingest", "orchestrator", "postgres", "prometheus", "rabbitmq", "segmenter"], _file.Services.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Own))]
    public void Every_setting_is_known_and_taken(string service)
    {
        var settings = ComposeFile.Environment(_file.Services[service]);
        Assert.NotEmpty(settings);
        Assert.Empty(new ServiceSettings(service, Fill(settings)).Faults());
        var bound = Bind(settings);
        Assert.Equal("rabbitmq", bound["Bus:Transport"]);
        Assert.Equal("azure", bound["Blobs:Store"]);
    }

    [Fact]
    public void The_orchestrator_is_reached_from_outside_and_asks_who_comes()
    {
        var settings = Bind(ComposeFile.Environment(_file.Services["orchestrator"]));
        Assert.Equal("postgres", settings["Orchestrator:Database:Engine"]);
        Assert.True(bool.Parse(settings["Access:Tokens"]!));
        Assert.Equal(["127.0.0.1:5080:8080"], ComposeFile.List(_file.Services["orchestrator"], "ports"));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_service_is_held_as_in_a_cluster(string name)
    {
        var service = _file.Services[name];
        Assert.Equal("true", ComposeFile.Word(service, "read_only"));
        Assert.Equal(["ALL"], ComposeFile.List(service, "cap_drop"));
        Assert.Equal(["/tmp"], ComposeFile.List(service, "tmpfs"));
        Assert.Contains(ComposeFile.List(service, "volumes"), volume => volume.EndsWith("/scratch", StringComparison.Ordinal));
        var grace = double.Parse(ComposeFile.Word(service, "stop_grace_period").TrimEnd('s'), CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(grace) > new ServiceOptions().TimeToStop);
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_service_is_built_from_its_dockerfile(string name)
    {
        var service = _file.Services[name];
        var build = ComposeFile.Map(service, "build");
        var dockerfile = Path.Combine(ComposeFile.Folder, ComposeFile.Word(build, "context"), ComposeFile.Word(build, "dockerfile"));
        Assert.Contains($"-t {ComposeFile.Word(service, "image").Split(':')[0]} .", File.ReadAllText(dockerfile), StringComparison.Ordinal);
        if (ComposeFile.Has(build, "args"))
            Assert.All(ComposeFile.Map(build, "args"), argument => Assert.Contains($"ARG {argument.Key}=", File.ReadAllText(dockerfile), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Published_ports_are_loopback_ones_and_other_images_are_pinned(string name)
    {
        var service = _file.Services[name];
        Assert.All(ComposeFile.List(service, "ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Contains("no-new-privileges:true", ComposeFile.List(service, "security_opt"));
        if (!ComposeFile.Has(service, "build"))
            Assert.Matches(@":v?\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?$", ComposeFile.Word(service, "image"));
    }

    [Fact]
    public void Secrets_are_in_no_file_and_each_is_asked_for()
    {
        var used = ComposeFile.Variables(ComposeFile.Text).ToList();
        Assert.Equal(ComposeFile.Example.Keys.Except(["COMPOSE_PROJECT_NAME"]).Order(), used.Select(variable => variable.Name).Distinct().Order());
        Assert.All(used, variable => Assert.Equal(variable.IsRequired, ComposeFile.Example[variable.Name].Length == 0));
        foreach (var (name, value) in _file.Services.Values.SelectMany(ComposeFile.Environment).Where(pair => IsSecret(pair.Key)))
            Assert.True(value.Contains(":?}", StringComparison.Ordinal), name);
        Assert.Contains("/infra/local/.env", File.ReadAllLines(Repository.PathOf(".gitignore")));
    }

    [Fact]
    public void Every_file_that_is_mounted_exists()
    {
        var mounted = _file.Services.Values.SelectMany(service => ComposeFile.List(service, "volumes")).Where(volume => volume.StartsWith('.'))
            .Select(volume => Path.GetFullPath(volume.Split(':')[0], ComposeFile.Folder)).ToList();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(path), path));
    }

    [Fact]
    public void Prometheus_asks_every_service_at_its_management_port()
    {
        var jobs = ((YamlSequenceNode)ComposeFile.ParseFile("prometheus.yml").Children["scrape_configs"]).Cast<YamlMappingNode>().ToList();
        Assert.Equal(_file.Own.Keys.Order(), jobs.Select(job => ComposeFile.Word(job, "job_name")).Order());
        foreach (var job in jobs)
        {
            var names = (YamlMappingNode)((YamlSequenceNode)job.Children["dns_sd_configs"])[0];
            Assert.Equal([ComposeFile.Word(job, "job_name")], ComposeFile.List(names, "names"));
            Assert.Equal("8081", ComposeFile.Word(names, "port"));
        }
    }

    /// <summary>The entrypoint's own command, on the file as it lies here.</summary>
    [Fact]
    public async Task Prometheus_gets_the_alerts_of_the_cluster()
    {
        using var folder = new TempFolder();
        var (alerts, rules) = (Repository.PathOf("k8s", "components", "monitoring", "alerts.yaml"), folder["rules.yaml"]);
        var command = ComposeFile.List(_file.Services["prometheus"], "entrypoint")[2].Split("&&")[0]
            .Replace("$$", "$", StringComparison.Ordinal).Replace("/etc/versemi/alerts.yaml", alerts, StringComparison.Ordinal).Replace("/tmp/alerts.yaml", rules, StringComparison.Ordinal);

        await TestServers.RunAsync(new ProcessStartInfo("/bin/sh", ["-c", command]), Cancellation);

        var spec = ComposeFile.Map(ComposeFile.Parse(await File.ReadAllTextAsync(alerts, Cancellation)), "spec");
        Assert.NotEmpty((YamlSequenceNode)spec.Children["groups"]);
        Assert.Equal(spec, ComposeFile.Parse(await File.ReadAllTextAsync(rules, Cancellation)));
    }

    private static bool IsSecret(string name) => new[] { "PASSWORD", "PASS", "CONNECTIONSTRING", "ACCOUNTS", "SECRET" }.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, string> Filled() =>
        ComposeFile.Example.ToDictionary(variable => variable.Key, variable => variable.Value.Length > 0 ? variable.Value : Convert.ToBase64String("a value for a test, no secret"u8));

    private static Dictionary<string, string> Fill(IReadOnlyDictionary<string, string> environment) => environment.ToDictionary(pair => pair.Key, pair => ComposeFile.Fill(pair.Value, Filled()));

    private static IConfigurationSection Bind(IReadOnlyDictionary<string, string> environment) => new ConfigurationBuilder()
        .AddInMemoryCollection(Fill(environment).Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)))
        .Build().GetSection("VerSemi");
}
