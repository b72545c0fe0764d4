using System.Text.Json.Nodes;

namespace VerSemi.ManifestTests.Rendering;

/// <summary>One rendered object.</summary>
internal sealed record Manifest(JsonObject Json)
{
    public string Kind => Json.Text("kind")!;
    public string ApiVersion => Json.Text("apiVersion")!;
    public string Name => Json.Text("metadata.name")!;

    /// <summary>The template of its pods; null where it has none.</summary>
    public PodTemplate? Pods => (Json.At("spec.jobTargetRef.template") ?? Json.At("spec.template")) is JsonObject template && template.ContainsKey("spec") ? new PodTemplate(this, template) : null;

    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>What a workload makes its pods of.</summary>
internal sealed record PodTemplate(Manifest Owner, JsonObject Json)
{
    public JsonObject Spec => Json["spec"]!.AsObject();
    public IReadOnlyDictionary<string, string> Labels => Json.Texts("metadata.labels");
    public string Service => Labels.GetValueOrDefault("app.kubernetes.io/name", "");
    public bool IsOurs => Labels.GetValueOrDefault("app.kubernetes.io/part-of") == "versemi";
    public IEnumerable<JsonObject> Containers => Spec.Items("containers").Concat(Spec.Items("initContainers"));
    public IEnumerable<JsonObject> Ports => Containers.SelectMany(container => container.Items("ports"));

    public override string ToString() => Owner.ToString();
}

/// <summary>Looking into JSON by paths as "metadata.name".</summary>
internal static class JsonPaths
{
    public static JsonNode? At(this JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, part) => (at as JsonObject)?[part]);

    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    public static IEnumerable<JsonObject> Items(this JsonNode? node, string path) => (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    public static IReadOnlyDictionary<string, string> Texts(this JsonNode? node, string path) =>
        (node.At(path) as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "");
}
