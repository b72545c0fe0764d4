using System.Text.RegularExpressions;
using VerSemi.GpuTrainer.Service;
using VerSemi.Ingest;
using VerSemi.ManifestTests.Rendering;
using VerSemi.Orchestrator;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Hosting;
using VerSemi.TestKit;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>The manifests' variables against the programs' options.</summary>
public sealed partial class SettingsTests
{
    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_would_start_with_its_variables_and_reads_each_of_them(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        Assert.Equal(["gpu-trainer", "ingest", "orchestrator", "segmenter"], OurPods(manifests).Select(pods => pods.Service).Distinct().Order());
        Assert.Empty(Faults(manifests));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_folder_that_a_service_writes_to_lies_in_a_volume_and_its_cache_fits(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        foreach (var pods in OurPods(manifests))
        {
            var settings = SettingsOf(pods, manifests);
            var volumes = Volumes.Of(pods);
            Assert.Contains("/tmp", volumes.Keys);
            foreach (var folder in FoldersOf(pods.Service, settings))
                Assert.Contains(volumes.Keys, mount => folder.StartsWith(mount + "/", StringComparison.Ordinal));
            var cache = settings.Get<BlobOptions>("Blobs");
            var room = volumes.Single(volume => cache.CacheFolder.StartsWith(volume.Key + "/", StringComparison.Ordinal)).Value;
            Assert.True(2L * cache.CacheMiB <= room, $"{pods}: a cache of {cache.CacheMiB} MiB leaves less than half of a volume of {room} MiB for the work itself");
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_is_given_the_time_that_its_stop_may_take(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        foreach (var pods in OurPods(manifests))
        {
            var seconds = SettingsOf(pods, manifests).Get<ServiceOptions>("Service").TimeToStop.TotalSeconds + pods.Containers.Max(container => double.Parse(container.Text("lifecycle.preStop.sleep.seconds") ?? "0"));
            Assert.InRange(double.Parse(pods.Spec.Text("terminationGracePeriodSeconds")!), seconds + 5, 120);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Spot_attempts_are_set_where_there_are_trainers_for_the_others_and_nowhere_else(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        var queues = OurPods(manifests).Where(pods => pods.Service == "gpu-trainer").Select(pods => SettingsOf(pods, manifests).Get<GpuTrainerOptions>("Trainer").Queue).Order();
        var attempts = SettingsOf(OurPods(manifests).Single(pods => pods.Service == "orchestrator"), manifests).Get<OrchestratorOptions>("Orchestrator").SpotAttempts;
        Assert.Equal(attempts is null ? ["training"] : ["training", "training-on-demand"], queues);
    }

    [Theory]
    [InlineData("VERSEMI__BUS__HOSTNAME", "x", "VerSemi:BUS:HOSTNAME is no setting")]
    [InlineData("VERSEMI_BUS_HOST", "x", "VERSEMI_BUS_HOST has no '__' after VERSEMI")]
    [InlineData("VERSEMI__BLOBS", "x", "VerSemi:BLOBS is a section, and no setting")]
    [InlineData("VERSEMI__BUSS__HOST", "x", "VerSemi:BUSS is no section of ingest")]
    [InlineData("VERSEMI__BLOBS__SERVICEURI__0", "x", "VerSemi:BLOBS:SERVICEURI is one value, and has no 0")]
    [InlineData("VERSEMI__ORCHESTRATOR__SWEEPINTERVAL", "00:00:01", "VerSemi:ORCHESTRATOR is no section of ingest")]
    [InlineData("VERSEMI__BUS__DELIVERYLIMIT", "3", "Bus:DeliveryLimit is 3")]
    [InlineData("VERSEMI__HINTS__MAXDEQUEUE", "0", "Hints:MaxDequeue is 0")]
    public async Task A_variable_that_the_program_does_not_know_or_refuses_is_told(string name, string value, string fault)
    {
        var broken = Broken.With(await Kustomize.OverlayAsync("production"), "Deployment/ingest", deployment =>
            deployment.Items("spec.template.spec.containers").Single()["env"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["name"] = name, ["value"] = value }));
        Assert.Contains(Faults(broken), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("VERSEMI__BUS__USER", "Deployment/ingest: Bus:User is empty")]
    [InlineData("VERSEMI__ORCHESTRATOR__DATABASE__CONNECTIONSTRING", "Deployment/orchestrator: Orchestrator:Database:ConnectionString is empty")]
    public async Task A_variable_that_is_missing_is_told(string name, string fault)
    {
        var broken = Broken.With(await Kustomize.OverlayAsync("production"), fault.Split(':')[0], deployment =>
            deployment.Items("spec.template.spec.containers").Single()["env"]!.AsArray().RemoveAll(variable => variable.Text("name") == name));
        Assert.Contains(Faults(broken), found => found.StartsWith(fault, StringComparison.Ordinal));
    }

    /// <summary>A section that the host begins to read must be known here, too.</summary>
    [Fact]
    public void The_sections_looked_at_are_those_that_the_host_reads() =>
        Assert.Equal(
            ServiceSettings.SectionsOfAll.Order(StringComparer.Ordinal),
            Section().Matches(File.ReadAllText(Repository.PathOf("src", "Platform", "Hosting", "ServiceHost.cs"))).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("settings\\.GetSection\\(\"(\\w+)\"\\)")]
    private static partial Regex Section();

    internal static IEnumerable<PodTemplate> OurPods(IEnumerable<Manifest> manifests) => manifests.Select(manifest => manifest.Pods).OfType<PodTemplate>().Where(pods => pods.IsOurs);

    /// <summary>A file that a Secret brings is there when the program starts: another one stands for it.</summary>
    internal static ServiceSettings SettingsOf(PodTemplate pods, IReadOnlyList<Manifest> manifests)
    {
        var files = Volumes.FilesOfSecrets(pods);
        return new(pods.Service, ContainerEnvironment.Of(pods.Containers.Single(), manifests).ToDictionary(pair => pair.Key, pair => files.ContainsKey(pair.Value) ? typeof(SettingsTests).Assembly.Location : pair.Value));
    }

    private static IEnumerable<string> Faults(IReadOnlyList<Manifest> manifests) =>
        OurPods(manifests).SelectMany(pods => SettingsOf(pods, manifests).Faults().Select(fault => $"{pods}: {fault}"));

    private static IEnumerable<string> FoldersOf(string service, ServiceSettings settings) => service switch
    {
        "ingest" => [settings.Get<BlobOptions>("Blobs").CacheFolder, settings.Get<IngestOptions>("Ingest").WorkFolder],
        "orchestrator" => [settings.Get<BlobOptions>("Blobs").CacheFolder],
        _ => [settings.Get<BlobOptions>("Blobs").CacheFolder, settings.Get<GpuTrainerOptions>("Trainer").ScratchFolder],
    };
}
