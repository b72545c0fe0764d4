using System.Text.RegularExpressions;
using VerSemi.ManifestTests.Rendering;
using VerSemi.TestKit;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Images of others are named by what they contain, not by a tag alone, which may move.</summary>
public sealed partial class DigestTests
{
    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_image_of_others_in_a_pod_is_pinned(string overlay) => Assert.All(
        (await Kustomize.OverlayAsync(overlay)).Select(manifest => manifest.Pods).OfType<PodTemplate>().Where(pods => !pods.IsOurs).SelectMany(pods => pods.Containers),
        container => Assert.Matches(Pinned(), container.Text("image")));

    /// <summary>Of two, no digest was known when the file was written: docs/howto/containers.md says how to ask for it.</summary>
    [Fact]
    public async Task So_is_every_one_in_the_compose_file_but_for_those_whose_digest_is_not_known()
    {
        var images = (await File.ReadAllLinesAsync(Repository.PathOf("infra", "local", "compose.yaml"), TestContext.Current.CancellationToken)).Select(line => line.Trim())
            .Where(line => line.StartsWith("image: ", StringComparison.Ordinal) && !line.Contains("versemi/", StringComparison.Ordinal)).Select(line => line["image: ".Length..]);
        Assert.Equal(["otel/opentelemetry-collector:0.135.0", "rabbitmq:4.1.4"], images.Where(image => !Pinned().IsMatch(image)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?@sha256:[0-9a-f]{64}$")]
    private static partial Regex Pinned();
}
