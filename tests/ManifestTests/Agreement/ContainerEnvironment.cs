using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>A container's environment variables as the kubelet would make them; what comes from a Secret has a value that any secret may have.</summary>
internal static partial class ContainerEnvironment
{
    public const string Secret = "a-secret-of-enough-characters";

    /// <summary>Of a Secret's keys that are none.</summary>
    private static readonly Dictionary<string, string> Plain = new() { ["host"] = "database.example.org", ["dbname"] = "versemi", ["username"] = "versemi" };

    /// <exception cref="InvalidOperationException">A ConfigMap, or a variable, is named that is not there.</exception>
    public static IReadOnlyDictionary<string, string> Of(JsonObject container, IReadOnlyList<Manifest> manifests)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.Items("envFrom"))
            foreach (var (name, value) in DataOf(source.Text("configMapRef.name")!, manifests))
                environment[name] = value;
        foreach (var variable in container.Items("env"))
            environment[variable.Text("name")!] = ValueOf(variable, environment, manifests);
        return environment;
    }

    private static string ValueOf(JsonObject variable, Dictionary<string, string> before, IReadOnlyList<Manifest> manifests)
    {
        if (variable.Text("value") is { } value)
            return Reference().Replace(value, match => before.TryGetValue(match.Groups[1].Value, out var other) ? other
                : throw new InvalidOperationException($"{variable.Text("name")} refers to {match.Value}, which no variable before it is."));
        if (variable.Text("valueFrom.secretKeyRef.key") is { } key)
            return Plain.GetValueOrDefault(key, Secret);
        return DataOf(variable.Text("valueFrom.configMapKeyRef.name")!, manifests)[variable.Text("valueFrom.configMapKeyRef.key")!];
    }

    private static IReadOnlyDictionary<string, string> DataOf(string name, IReadOnlyList<Manifest> manifests) =>
        manifests.SingleOrDefault(manifest => manifest.Kind == "ConfigMap" && manifest.Name == name)?.Json.Texts("data")
        ?? throw new InvalidOperationException($"There is no ConfigMap {name}.");

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Reference();
}
