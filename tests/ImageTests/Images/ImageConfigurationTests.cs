using VerSemi.ImageTests.Building;
using VerSemi.ManifestTests.Agreement;

namespace VerSemi.ImageTests.Images;

/// <summary>What an image says of itself, to whoever runs it.</summary>
public sealed class ImageConfigurationTests(BuiltImages images)
{
    public static TheoryData<string> Projects => [.. BuiltImages.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task It_runs_its_program_not_as_root(string project)
    {
        var image = await images.OfAsync(project);
        Assert.Equal("1654", image.Config["User"]!.GetValue<string>());
        Assert.Equal(image.Program, Assert.Single(image.Config["Entrypoint"]!.AsArray())!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Its_health_is_asked_of_the_program_itself(string project)
    {
        var image = await images.OfAsync(project);
        var check = (image.Config["Healthcheck"] ?? image.Inspected["Healthcheck"])!["Test"]!.AsArray().Select(word => word!.GetValue<string>());
        Assert.Equal(["CMD", image.Program, "--probe"], check);
    }

    [Theory]
    [InlineData("Orchestrator", 8080, 8081)]
    [InlineData("Ingest", 8080, 8081)]
    [InlineData("GpuTrainer", 8081)]
    public async Task Its_ports_are_those_of_its_settings(string project, params int[] ports)
    {
        var image = await images.OfAsync(project);
        var exposed = image.Config["ExposedPorts"]!.AsObject().Select(port => int.Parse(port.Key.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture)).Order();
        Assert.Equal(ports, exposed);
        Assert.Equal(8081, new Uri(image.Environment["VERSEMI__SERVICE__MANAGEMENTURL"]).Port);
        if (image.Environment.TryGetValue("VERSEMI__SERVICE__URL", out var url))
            Assert.Equal(8080, new Uri(url).Port);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Its_settings_are_known_and_its_folders_lie_in_scratch(string project)
    {
        var image = await images.OfAsync(project);
        var settings = image.Environment.Where(variable => variable.Key.StartsWith("VERSEMI", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(settings);
        var service = project == "GpuTrainer" ? "gpu-trainer" : project.ToLowerInvariant();
        Assert.Empty(new ServiceSettings(service, settings.ToDictionary()).Unknown());
        Assert.Equal("/scratch", Assert.Single(image.Config["Volumes"]!.AsObject()).Key);
        var folders = settings.Where(setting => setting.Value.StartsWith('/')).ToList();
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.StartsWith("/scratch/", folder.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_base_can_be_pinned_by_its_digest()
    {
        const string Runtime = "mcr.microsoft.com/dotnet/aspnet";
        await images.OfAsync("Ingest");
        var digest = await Podman.RunAsync("image", "inspect", "--format", "{{.Digest}}", $"{Runtime}:10.0-noble-chiseled-extra");

        var pinned = await BuiltImages.BuildAsync("Ingest", "--build-arg", $"RUNTIME={Runtime}@{digest}");

        Assert.Equal((await images.OfAsync("Ingest")).Config["Entrypoint"]!.ToJsonString(), pinned.Config["Entrypoint"]!.ToJsonString());
    }

    [Fact]
    public async Task An_orchestrator_that_is_not_told_who_may_come_in_does_not_start()
    {
        var image = await images.OfAsync("Orchestrator");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Podman.RunAsync(
            "run", "--rm", "--read-only", "--network", "none", "--health-interval", "disable", "--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1000:2000", image.Id));

        Assert.Contains("exited with 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Service:Url is 'http://0.0.0.0:8080': without authentication only a loopback address is possible", error.Message, StringComparison.Ordinal);
        Assert.Contains("Access:Tokens", error.Message, StringComparison.Ordinal);
    }
}
