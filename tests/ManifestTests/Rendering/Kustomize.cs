using System.Collections.Concurrent;
using System.Diagnostics;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.ManifestTests.Rendering;

/// <summary>What `kubectl kustomize` makes of an overlay; each is rendered once.</summary>
internal static class Kustomize
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<Manifest>>>> _rendered = new();

    public static IReadOnlyList<string> Overlays { get; } =
        [.. Directory.EnumerateDirectories(Repository.PathOf("k8s", "overlays")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static Task<IReadOnlyList<Manifest>> OverlayAsync(string overlay) =>
        _rendered.GetOrAdd(overlay, name => new(() => RenderAsync(Repository.PathOf("k8s", "overlays", name)))).Value;

    public static async Task<IReadOnlyList<Manifest>> RenderAsync(string folder)
    {
        var start = new ProcessStartInfo(TestServers.RequireProgram("kubectl", Repository.PathOf(".artifacts", "kubectl")), ["kustomize", folder]);
        return [.. YamlJson.Read(await TestServers.RunAsync(start, TestContext.Current.CancellationToken)).Select(json => new Manifest(json))];
    }

    /// <summary>For [MemberData].</summary>
    public static TheoryData<string> AllOverlays() => [.. Overlays];
}
