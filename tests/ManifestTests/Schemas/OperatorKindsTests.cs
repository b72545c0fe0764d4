using VerSemi.ManifestTests.Rendering;
using VerSemi.TestKit.Servers;

namespace VerSemi.ManifestTests.Schemas;

/// <summary>The kinds of the RabbitMQ operators, of cert-manager and of CloudNativePG, which publish no schema as a package: only what we use of them is looked at, field by field.</summary>
public sealed class OperatorKindsTests
{
    private static readonly Dictionary<string, (string ApiVersion, string[] Required, string[] Others)> Known = new()
    {
        ["RabbitmqCluster"] = ("rabbitmq.com/v1beta1", ["replicas", "persistence"], ["resources", "rabbitmq", "override", "image", "affinity", "tolerations", "tls", "service", "terminationGracePeriodSeconds"]),
        ["User"] = ("rabbitmq.com/v1beta1", ["rabbitmqClusterReference"], ["tags", "importCredentialsSecret"]),
        ["Permission"] = ("rabbitmq.com/v1beta1", ["rabbitmqClusterReference", "vhost", "permissions"], ["user", "userReference"]),
        ["Issuer"] = ("cert-manager.io/v1", [], ["selfSigned", "ca"]),
        ["Certificate"] = ("cert-manager.io/v1", ["secretName", "issuerRef"], ["isCA", "commonName", "dnsNames", "duration", "renewBefore", "privateKey", "usages"]),
        ["Cluster"] = ("postgresql.cnpg.io/v1", ["instances", "storage"], ["bootstrap", "resources", "imageName", "affinity", "postgresql", "backup", "monitoring"]),
    };

    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task What_an_operator_is_asked_for_has_the_fields_that_it_knows(string overlay)
    {
        var manifests = (await Kustomize.OverlayAsync(overlay)).Where(manifest => Known.ContainsKey(manifest.Kind)).ToList();
        Assert.Contains(manifests, manifest => manifest.Kind == "RabbitmqCluster");
        Assert.Empty(manifests.SelectMany(FaultsOf));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_brokers_users_have_the_rights_that_the_services_were_tested_with(string overlay)
    {
        var permissions = (await Kustomize.OverlayAsync(overlay)).Where(manifest => manifest.Kind == "Permission").ToList();
        Assert.Equal(
            BrokerRights.All.OrderBy(rights => rights.Service, StringComparer.Ordinal),
            permissions.Select(permission => new BrokerRights(
                permission.Json.Text("spec.userReference.name")!, permission.Json.Text("spec.permissions.configure")!, permission.Json.Text("spec.permissions.write")!, permission.Json.Text("spec.permissions.read")!))
                .OrderBy(rights => rights.Service, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_field_that_the_operator_does_not_know_is_told()
    {
        var sound = (await Kustomize.OverlayAsync("production")).Single(manifest => manifest.Kind == "RabbitmqCluster");
        Assert.Contains("RabbitmqCluster/versemi-rabbitmq: replica is no field of it", FaultsOf(Broken.With(sound, "spec", "{\"replica\": 3}")));
    }

    private static IEnumerable<string> FaultsOf(Manifest manifest)
    {
        var (apiVersion, required, others) = Known[manifest.Kind];
        var fields = manifest.Json.Texts("spec").Keys.ToList();
        if (manifest.ApiVersion != apiVersion)
            yield return $"{manifest}: {manifest.ApiVersion} is not {apiVersion}";
        foreach (var missing in required.Except(fields))
            yield return $"{manifest}: {missing} is missing";
        foreach (var unknown in fields.Except(required).Except(others))
            yield return $"{manifest}: {unknown} is no field of it";
    }
}
