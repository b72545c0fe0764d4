using System.Reflection;
using k8s;
using k8s.Models;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Schemas;

/// <summary>Every object of a built-in kind is read into KubernetesClient's class of it; a field that the class has not is a fault.</summary>
public sealed class TypedTests
{
    private static readonly Dictionary<(string, string), Type> Types = typeof(V1Pod).Assembly.GetTypes()
        .Select(type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>())).Where(pair => pair.Entity is not null)
        .ToDictionary(pair => (pair.Entity!.Group.Length > 0 ? $"{pair.Entity.Group}/{pair.Entity.ApiVersion}" : pair.Entity.ApiVersion, pair.Entity.Kind), pair => pair.Type);

    public static TheoryData<string> Overlays() => Kustomize.AllOverlays();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_object_of_a_built_in_kind_is_read_by_its_class(string overlay)
    {
        var builtIn = (await Kustomize.OverlayAsync(overlay)).Where(manifest => Types.ContainsKey((manifest.ApiVersion, manifest.Kind))).ToList();
        Assert.True(builtIn.Count > 25, $"{builtIn.Count} objects of {overlay} have a class: where are the others?");
        Assert.All(builtIn, manifest => Read(manifest));
    }

    [Fact]
    public async Task A_field_that_the_class_has_not_is_told()
    {
        var sound = (await Kustomize.OverlayAsync("production")).Single(manifest => manifest.ToString() == "Deployment/orchestrator");
        var error = Assert.ThrowsAny<Exception>(() => Read(Broken.With(sound, "spec.template.spec", "{\"serviceAcount\": \"x\"}")));
        Assert.Contains("serviceAcount", error.ToString(), StringComparison.Ordinal);
    }

    private static object Read(Manifest manifest) => KubernetesYaml.LoadAllFromString(manifest.Json.ToJsonString(), strict: true) is [{ } read] && read.GetType() == Types[(manifest.ApiVersion, manifest.Kind)]
        ? read
        : throw new InvalidOperationException($"{manifest} was not read as a {Types[(manifest.ApiVersion, manifest.Kind)].Name}.");
}
