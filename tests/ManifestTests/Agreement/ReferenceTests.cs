using System.Text.Json.Nodes;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

public sealed class ReferenceTests
{
    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Whatever_an_object_names_is_there(string overlay) => Assert.Empty(new References(await Kustomize.OverlayAsync(overlay)).Faults());

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task No_two_objects_have_the_same_kind_and_name_and_all_lie_in_one_namespace(string overlay)
    {
        var manifests = await Kustomize.OverlayAsync(overlay);
        Assert.Equal(manifests.Count, manifests.Select(manifest => manifest.ToString()).Distinct().Count());
        Assert.All(manifests.Where(manifest => manifest.Kind is not ("Namespace" or "PriorityClass")), manifest => Assert.Equal("versemi", manifest.Json.Text("metadata.namespace")));
    }

    [Theory]
    [InlineData("Service/orchestrator", "spec.selector", "{\"app.kubernetes.io/name\": \"orchestra\"}", "Service/orchestrator: selects no pod")]
    [InlineData("PodDisruptionBudget/ingest", "spec.selector.matchLabels", "{\"app.kubernetes.io/name\": \"injest\"}", "PodDisruptionBudget/ingest: selects no pod")]
    [InlineData("NetworkPolicy/people-to-orchestrator", "spec.podSelector.matchLabels", "{\"app.kubernetes.io/name\": \"x\"}", "NetworkPolicy/people-to-orchestrator: selects no pod")]
    [InlineData("PodMonitor/versemi", "spec.selector.matchLabels", "{\"app.kubernetes.io/part-of\": \"x\"}", "PodMonitor/versemi: selects no pod")]
    [InlineData("ScaledObject/segmenter", "spec.scaleTargetRef", "{\"name\": \"segmentation\"}", "ScaledObject/segmenter: there is no Deployment segmentation")]
    [InlineData("Deployment/segmenter", "spec", "{\"replicas\": 2}", "ScaledObject/segmenter: Deployment/segmenter has a number of replicas of its own, which each apply would go back to")]
    [InlineData("Deployment/orchestrator", "spec.template.spec", "{\"serviceAccountName\": \"root\"}", "Deployment/orchestrator: there is no ServiceAccount root")]
    [InlineData("TriggerAuthentication/broker", "spec", "{\"secretTargetRef\": [{\"parameter\": \"host\", \"name\": \"scaler-user-credentials\", \"key\": \"uri\"}]}", "TriggerAuthentication/broker: the Secret scaler-user-credentials has no uri")]
    public async Task What_leads_nowhere_is_told(string which, string path, string fields, string fault)
    {
        var broken = Broken.With(await Kustomize.OverlayAsync("production"), which, json =>
        {
            foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
                json.At(path)![name] = value?.DeepClone();
        });
        Assert.Contains(fault, new References(broken).Faults());
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_told()
    {
        var broken = Broken.With(await Kustomize.OverlayAsync("production"), "Deployment/orchestrator", json => json.Items("spec.template.spec.containers").Single()["ports"]!.AsArray().RemoveAt(0));
        var faults = new References(broken).Faults().ToList();
        Assert.Contains("Service/orchestrator: its pods have no port http", faults);
        Assert.Contains("NetworkPolicy/people-to-orchestrator: ingress on the port http, which no pod there has", faults);
    }
}
