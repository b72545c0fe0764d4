using System.Globalization;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Where a pod's container may write, and how much.</summary>
internal static class Volumes
{
    /// <returns>MiB by mount path.</returns>
    public static IReadOnlyDictionary<string, long> Of(PodTemplate pods)
    {
        var sizes = pods.Spec.Items("volumes").ToDictionary(volume => volume.Text("name")!, volume => MiB(volume.Text("emptyDir.sizeLimit")
            ?? throw new InvalidOperationException($"{pods}: the volume {volume.Text("name")} has no size limit.")));
        return pods.Containers.Single().Items("volumeMounts").ToDictionary(mount => mount.Text("mountPath")!, mount => sizes[mount.Text("name")!]);
    }

    public static long MiB(string quantity) => quantity switch
    {
        [.. var number, 'G', 'i'] => 1024 * long.Parse(number, CultureInfo.InvariantCulture),
        [.. var number, 'M', 'i'] => long.Parse(number, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"'{quantity}' is neither Mi nor Gi."),
    };
}
