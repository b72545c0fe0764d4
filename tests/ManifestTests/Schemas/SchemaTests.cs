using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Schemas;

public sealed class SchemaTests
{
    /// <summary>Kinds whose operators publish no schema as a package; <see cref="OperatorKindsTests"/> looks at them.</summary>
    private static readonly string[] WithoutSchema = ["RabbitmqCluster", "User", "Permission", "Issuer", "Certificate", "Cluster"];

    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_object_of_an_overlay_is_what_its_schema_says_and_has_no_other_field(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        Assert.True(manifests.Count > 30, $"{overlay} has {manifests.Count} objects: where are the others?");
        Assert.Empty(await SchemaCheck.FaultsAsync(manifests.Where(manifest => !WithoutSchema.Contains(manifest.Kind))));
    }

    [Theory]
    [InlineData("Deployment", "spec.template.spec", "{\"hostname\": 7}", "Deployment/orchestrator: data/spec/template/spec/hostname must be string")]
    [InlineData("Deployment", "spec.template.spec", "{\"restartPolicies\": \"Always\"}", "Deployment/orchestrator: the schema knows no field .spec.template.spec.restartPolicies")]
    [InlineData("PodDisruptionBudget", "spec.selector", "{\"matchLabel\": {}}", "PodDisruptionBudget/orchestrator: the schema knows no field .spec.selector.matchLabel")]
    [InlineData("ScaledJob", "spec.scalingStrategy", "{\"pendingPodCondition\": [\"Ready\"]}", "ScaledJob/gpu-trainer-spot: the schema knows no field .spec.scalingStrategy.pendingPodCondition")]
    [InlineData("ScaledJob", "spec.jobTargetRef.template.spec", "{\"tolerates\": []}", "ScaledJob/gpu-trainer-spot: the schema knows no field .spec.jobTargetRef.template.spec.tolerates")]
    [InlineData("ExternalSecret", "spec.secretStoreRef", "{\"kinds\": \"SecretStore\"}", "ExternalSecret/versemi-database-app: the schema knows no field .spec.secretStoreRef.kinds")]
    public async Task A_wrong_or_unknown_field_is_told(string kind, string path, string field, string fault)
    {
        var sound = (await Kustomize.OverlayAsync("production")).First(manifest => fault.StartsWith(manifest.ToString() + ":", StringComparison.Ordinal) && manifest.Kind == kind);
        var broken = Broken.With(sound, path, field);
        Assert.Contains(fault, await SchemaCheck.FaultsAsync([broken]));
    }

    [Fact]
    public async Task A_kind_of_which_nobody_knows_the_schema_is_told() =>
        Assert.Equal(["Deploiment/x: no schema"], await SchemaCheck.FaultsAsync([new Manifest(YamlJson.Read("{apiVersion: apps/v1, kind: Deploiment, metadata: {name: x}}").Single())]));
}
