using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>The level "restricted" of the pod security standards, and what we want beyond it.</summary>
public sealed class PodSecurityTests
{
    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_namespace_lets_in_no_pod_that_is_less_than_restricted(string overlay)
    {
        var labels = (await Kustomize.OverlayAsync(overlay)).Single(manifest => manifest.Kind == "Namespace").Json.Texts("metadata.labels");
        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_is_restricted_reads_only_and_knows_its_limits(string overlay)
    {
        var pods = (await Kustomize.OverlayAsync(overlay)).Select(manifest => manifest.Pods).OfType<PodTemplate>().ToList();
        Assert.True(pods.Count >= 4);
        Assert.Empty(pods.SelectMany(FaultsOf));
    }

    [Theory]
    [InlineData("spec.template.spec.securityContext", "{\"runAsNonRoot\": false}", "runAsNonRoot is not true")]
    [InlineData("spec.template.spec.securityContext", "{\"runAsUser\": 1000}", "runAsUser is 1000: the images' user is 1654")]
    [InlineData("spec.template.spec.securityContext", "{\"seccompProfile\": {\"type\": \"Unconfined\"}}", "seccompProfile is not RuntimeDefault")]
    [InlineData("spec.template.spec", "{\"hostNetwork\": true}", "hostNetwork is set")]
    [InlineData("spec.template.spec", "{\"automountServiceAccountToken\": true}", "it is given a token of the Kubernetes API")]
    public async Task A_pod_that_is_less_is_told(string path, string fields, string fault)
    {
        var sound = (await Kustomize.OverlayAsync("production")).Single(manifest => manifest.ToString() == "Deployment/orchestrator");
        Assert.Equal([$"Deployment/orchestrator: {fault}"], FaultsOf(Broken.With(sound, path, fields).Pods!));
    }

    [Fact]
    public async Task A_job_is_not_moved_and_never_repeated_by_Kubernetes_itself()
    {
        foreach (var job in (await Kustomize.OverlayAsync("production")).Where(manifest => manifest.Kind == "ScaledJob"))
        {
            Assert.Equal("false", job.Pods!.Json.Texts("metadata.annotations")["cluster-autoscaler.kubernetes.io/safe-to-evict"]);
            Assert.Equal(("Never", "0", null), (job.Pods.Spec.Text("restartPolicy"), job.Json.Text("spec.jobTargetRef.backoffLimit"), job.Json.Text("spec.jobTargetRef.activeDeadlineSeconds")));
            Assert.Equal(("accurate", "Ready", "gradual"), (job.Json.Text("spec.scalingStrategy.strategy"), job.Json.At("spec.scalingStrategy.pendingPodConditions")?[0]?.ToString(), job.Json.Text("spec.rollout.strategy")));
            Assert.Equal("1", job.Pods.Containers.Single().Texts("resources.limits")["nvidia.com/gpu"]);
        }
    }

    private static IEnumerable<string> FaultsOf(PodTemplate pods) => OfPod(pods).Concat(pods.Containers.SelectMany(OfContainer)).Select(fault => $"{pods}: {fault}");

    private static IEnumerable<string> OfPod(PodTemplate pods)
    {
        if (pods.Spec.Text("securityContext.runAsNonRoot") != "true")
            yield return "runAsNonRoot is not true";
        if (pods.IsOurs && pods.Spec.Text("securityContext.runAsUser") is var user && user != "1654")
            yield return $"runAsUser is {user}: the images' user is 1654";
        if (pods.Spec.Text("securityContext.seccompProfile.type") != "RuntimeDefault")
            yield return "seccompProfile is not RuntimeDefault";
        if (pods.Spec.Text("automountServiceAccountToken") != "false")
            yield return "it is given a token of the Kubernetes API";
        foreach (var host in new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(host => pods.Spec[host] is not null))
            yield return $"{host} is set";
        foreach (var volume in pods.Spec.Items("volumes").Where(volume => volume["secret"] is null && volume.Text("emptyDir.sizeLimit") is null))
            yield return $"the volume {volume.Text("name")} has no size limit";
        foreach (var volume in pods.Spec.Items("volumes").Where(volume => volume["secret"] is not null && !volume.Items("secret.items").Any()))
            yield return $"the volume {volume.Text("name")} shows every key of its Secret";
    }

    private static IEnumerable<string> OfContainer(System.Text.Json.Nodes.JsonObject container)
    {
        if (container.Text("securityContext.allowPrivilegeEscalation") != "false")
            yield return "allowPrivilegeEscalation is not false";
        if (container.Text("securityContext.readOnlyRootFilesystem") != "true")
            yield return "readOnlyRootFilesystem is not true";
        if (container.At("securityContext.capabilities.drop")?[0]?.ToString() != "ALL")
            yield return "not all capabilities are dropped";
        foreach (var resource in new[] { "resources.requests.cpu", "resources.requests.memory", "resources.limits.memory" }.Where(resource => container.Text(resource) is null))
            yield return $"{resource} is not said";
    }
}
