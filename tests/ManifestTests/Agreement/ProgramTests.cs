using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer;
using VerSemi.GpuTrainer.Service;
using VerSemi.ManifestTests.Rendering;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hosting;
using VerSemi.TestKit;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Ports, queues, arguments and images against the programs.</summary>
public sealed class ProgramTests
{
    private static readonly Dictionary<string, string[]> Images = new()
    {
        ["orchestrator"] = ["versemi/orchestrator"],
        ["ingest"] = ["versemi/ingest"],
        ["gpu-trainer"] = ["versemi/gpu-trainer", "versemi/gpu-trainer-cuda"],
        ["segmenter"] = ["versemi/gpu-trainer"],
    };

    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_container_has_the_ports_that_its_program_listens_on(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        Assert.Empty(SettingsTests.OurPods(manifests).SelectMany(pods => PortFaults(pods, SettingsTests.SettingsOf(pods, manifests).Get<ServiceOptions>("Service"))));
    }

    [Fact]
    public async Task A_wrong_port_is_told()
    {
        var broken = Broken.With(await Kustomize.OverlayAsync("production"), "Deployment/ingest", json => json.Items("spec.template.spec.containers").Single().Items("ports").Single()["containerPort"] = 8080);
        var pods = broken.Single(manifest => manifest.ToString() == "Deployment/ingest").Pods!;
        Assert.Equal(["Deployment/ingest: has management 8080, and listens on management 8081"], PortFaults(pods, SettingsTests.SettingsOf(pods, broken).Get<ServiceOptions>("Service")));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_probes_are_those_that_the_host_answers(string overlay)
    {
        foreach (var container in SettingsTests.OurPods(await Kustomize.OverlayAsync(overlay)).SelectMany(pods => pods.Containers))
        {
            Assert.Equal(("/healthz/live", "/healthz/live", "/healthz/ready"), (container.Text("startupProbe.httpGet.path"), container.Text("livenessProbe.httpGet.path"), container.Text("readinessProbe.httpGet.path")));
            Assert.All(new[] { "startupProbe", "livenessProbe", "readinessProbe" }, probe => Assert.Equal("management", container.Text($"{probe}.httpGet.port")));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Arguments_are_those_that_the_trainer_knows_and_each_image_is_its_services(string overlay)
    {
        foreach (var pods in SettingsTests.OurPods(await Kustomize.OverlayAsync(overlay)))
        {
            var container = pods.Containers.Single();
            string[] expected = pods.Service == "segmenter" ? [GpuTrainerProgram.Segmentation] : pods.Owner.Kind == "ScaledJob" ? [GpuTrainerProgram.OneShot] : [];
            Assert.Equal(expected, (container["args"]?.AsArray() ?? []).Select(argument => argument!.ToString()));
            Assert.Null(container["command"]);
            // A tag, or the digest that infra/pin-images put in its place.
            var (name, tag) = container.Text("image")!.Split(':', 2) is [var image, var version] ? (image.Split('@')[0], version) : throw new InvalidOperationException($"{pods}: the image has no tag.");
            Assert.Contains(Images[pods.Service], image => name == image || name.EndsWith($".azurecr.io/{image}", StringComparison.Ordinal));
            Assert.Matches(@"^\d+\.\d+\.\d+|^[0-9a-f]{64}$", tag);
        }
    }

    /// <summary>src/⟨Service⟩/Dockerfile: what it is built as is what the manifests expect to run.</summary>
    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_images_are_built_for_the_user_and_the_ports_of_their_pods(string overlay)
    {
        var projects = new Dictionary<string, string> { ["orchestrator"] = "Orchestrator", ["ingest"] = "Ingest", ["gpu-trainer"] = "GpuTrainer", ["segmenter"] = "GpuTrainer" };
        foreach (var pods in SettingsTests.OurPods(await Kustomize.OverlayAsync(overlay)))
        {
            var dockerfile = await File.ReadAllLinesAsync(Repository.PathOf("src", projects[pods.Service], "Dockerfile"), TestContext.Current.CancellationToken);
            var exposed = dockerfile.Single(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)).Split(' ')[1..];
            Assert.All(pods.Ports, port => Assert.Contains(port.Text("containerPort"), exposed));
            Assert.Contains($"ENTRYPOINT [\"/app/VerSemi.{projects[pods.Service]}\"]", dockerfile);
            Assert.Contains("USER $APP_UID", dockerfile);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_scalers_look_at_the_queues_that_their_workers_take_from(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        var broker = SettingsTests.SettingsOf(SettingsTests.OurPods(manifests).First(), manifests).Get<BusOptions>("Bus").Host;
        foreach (var scaled in manifests.Where(manifest => manifest.Kind is "ScaledObject" or "ScaledJob"))
        {
            var trigger = scaled.Json.Items("spec.triggers").Single();
            Assert.Equal(("rabbitmq", $"amqps://{broker}.versemi.svc:5671/"), (trigger.Text("type"), trigger.Text("metadata.host")));
            Assert.Equal(QueueOf(scaled, manifests), trigger.Text("metadata.queueName"));
        }
    }

    [Fact]
    public async Task The_overlays_with_GPUs_have_a_job_for_each_training_queue()
    {
        foreach (var overlay in new[] { "staging", "production" })
            Assert.Equal(
                [Queues.Training, Queues.TrainingOnDemand],
                (await Kustomize.OverlayAsync(overlay)).Where(manifest => manifest.Kind == "ScaledJob").Select(job => job.Json.Items("spec.triggers").Single().Text("metadata.queueName")).Order());
    }

    private static string QueueOf(Manifest scaled, IReadOnlyList<Manifest> manifests) => scaled switch
    {
        { Kind: "ScaledJob" } => SettingsTests.SettingsOf(scaled.Pods!, manifests).Get<GpuTrainerOptions>("Trainer").Queue,
        { Name: "ingest" } => Queues.Ingest,
        { Name: "segmenter" } => Queues.Segmentation,
        _ => throw new InvalidOperationException($"{scaled} scales what no test knows."),
    };

    private static IEnumerable<string> PortFaults(PodTemplate pods, ServiceOptions options)
    {
        var listens = new[] { ("http", options.Url), ("management", options.ManagementUrl) }.Where(pair => pair.Item2.Length > 0).Select(pair => $"{pair.Item1} {new Uri(pair.Item2).Port}");
        var has = pods.Ports.Select(port => $"{port.Text("name")} {port.Text("containerPort")}");
        return listens.SequenceEqual(has) ? [] : [$"{pods}: has {string.Join(", ", has)}, and listens on {string.Join(", ", listens)}"];
    }
}
