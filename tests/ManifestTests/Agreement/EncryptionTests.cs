using Npgsql;
using VerSemi.ManifestTests.Rendering;
using VerSemi.Orchestrator;
using VerSemi.Platform.Bus;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>What goes over a network is encrypted, and the server's certificate checked, in every overlay.</summary>
public sealed class EncryptionTests
{
    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_service_reaches_the_broker_by_TLS_and_knows_its_authority(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        var broker = manifests.Single(manifest => manifest.Kind == "RabbitmqCluster").Json;
        var certificate = manifests.Single(manifest => manifest.Kind == "Certificate" && manifest.Json.Text("spec.secretName") == broker.Text("spec.tls.secretName")).Json;
        foreach (var pods in SettingsTests.OurPods(manifests))
        {
            var bus = SettingsTests.SettingsOf(pods, manifests).Get<BusOptions>("Bus");
            Assert.True(bus is { UseTls: true, Port: null, TlsCaFile: not null });
            Assert.Contains(bus.TlsServerName ?? bus.Host, certificate["spec"]!["dnsNames"]!.AsArray().Select(name => name!.ToString()));
            var authority = Volumes.FilesOfSecrets(pods)[ContainerEnvironment.Of(pods.Containers.Single(), manifests)["VERSEMI__BUS__TLSCAFILE"]];
            Assert.Equal((broker.Text("spec.tls.secretName")!, "ca.crt"), authority);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_broker_listens_on_nothing_that_is_not_encrypted(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        Assert.Equal("true", manifests.Single(manifest => manifest.Kind == "RabbitmqCluster").Json.Text("spec.tls.disableNonTLSListeners"));
        var opened = manifests.Where(manifest => manifest.Kind == "NetworkPolicy").SelectMany(policy => policy.Json.Items("spec.ingress").Concat(policy.Json.Items("spec.egress")))
            .SelectMany(rule => rule.Items("ports")).Select(port => port.Text("port"));
        Assert.Contains("5671", opened);
        Assert.DoesNotContain(opened, port => port is "5672" or "15672" or "15692");
    }

    /// <summary>As the variable has it; among the settings it is the file that stands for it.</summary>
    private static string RootCertificateOf(PodTemplate pods, IReadOnlyList<Manifest> manifests) =>
        new NpgsqlConnectionStringBuilder(ContainerEnvironment.Of(pods.Containers.Single(), manifests)["VERSEMI__ORCHESTRATOR__DATABASE__CONNECTIONSTRING"]).RootCertificate!;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_database_must_show_a_certificate_of_its_name(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        var pods = SettingsTests.OurPods(manifests).Single(pods => pods.Service == "orchestrator");
        var connection = new NpgsqlConnectionStringBuilder(SettingsTests.SettingsOf(pods, manifests).Get<OrchestratorOptions>("Orchestrator").Database.ConnectionString);
        Assert.Equal(SslMode.VerifyFull, connection.SslMode);
        // The managed one's authority is among the image's own certificates.
        var own = manifests.SingleOrDefault(manifest => manifest.Kind == "Cluster");
        if (own is null)
            Assert.Null(connection.RootCertificate);
        else
            Assert.Equal(($"{own.Name}-ca", "ca.crt"), Volumes.FilesOfSecrets(pods)[RootCertificateOf(pods, manifests)]);
    }
}
