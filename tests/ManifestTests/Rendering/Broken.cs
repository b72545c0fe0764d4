using System.Text.Json.Nodes;

namespace VerSemi.ManifestTests.Rendering;

/// <summary>Sound manifests with one thing wrong, so that the checks can be seen to fail.</summary>
internal static class Broken
{
    /// <param name="path">Of an object in it.</param>
    /// <param name="fields">JSON: what is put there, in place of what has the same name.</param>
    public static Manifest With(Manifest manifest, string path, string fields)
    {
        var copy = manifest.Json.DeepClone().AsObject();
        var at = copy.At(path)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            at[name] = value?.DeepClone();
        return new Manifest(copy);
    }

    /// <summary>The same objects, one of them changed.</summary>
    public static IReadOnlyList<Manifest> With(IReadOnlyList<Manifest> manifests, string which, Action<JsonObject> change)
    {
        var copies = manifests.Select(manifest => new Manifest(manifest.Json.DeepClone().AsObject())).ToList();
        change(copies.Single(manifest => manifest.ToString() == which).Json);
        return copies;
    }
}
