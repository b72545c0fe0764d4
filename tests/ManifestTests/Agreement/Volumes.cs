using System.Globalization;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Where a pod's container may write, and how much.</summary>
internal static class Volumes
{
    /// <returns>MiB by mount path, of what can be written to.</returns>
    public static IReadOnlyDictionary<string, long> Of(PodTemplate pods)
    {
        var sizes = pods.Spec.Items("volumes").Where(volume => volume["secret"] is null).ToDictionary(volume => volume.Text("name")!, volume => MiB(volume.Text("emptyDir.sizeLimit")
            ?? throw new InvalidOperationException($"{pods}: the volume {volume.Text("name")} has no size limit.")));
        return pods.Containers.Single().Items("volumeMounts").Where(mount => sizes.ContainsKey(mount.Text("name")!)).ToDictionary(mount => mount.Text("mountPath")!, mount => sizes[mount.Text("name")!]);
    }

    /// <returns>Paths of the files that come from Secrets, each with the Secret's name and key.</returns>
    public static IReadOnlyDictionary<string, (string Secret, string Key)> FilesOfSecrets(PodTemplate pods) => pods.Containers.Single().Items("volumeMounts")
        .SelectMany(mount => pods.Spec.Items("volumes").Where(volume => volume.Text("name") == mount.Text("name")).SelectMany(volume => volume.Items("secret.items")
            .Select(item => ($"{mount.Text("mountPath")}/{item.Text("path")}", (volume.Text("secret.secretName")!, item.Text("key")!)))))
        .ToDictionary();

    public static long MiB(string quantity) => quantity switch
    {
        [.. var number, 'G', 'i'] => 1024 * long.Parse(number, CultureInfo.InvariantCulture),
        [.. var number, 'M', 'i'] => long.Parse(number, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"'{quantity}' is neither Mi nor Gi."),
    };
}
