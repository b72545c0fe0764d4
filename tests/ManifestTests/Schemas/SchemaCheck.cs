using System.Diagnostics;
using System.Text.Json.Nodes;
using VerSemi.ManifestTests.Rendering;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.ManifestTests.Schemas;

/// <summary>The schemas of Kubernetes, KEDA, Prometheus operator and External Secrets (schemas/validate.mjs).</summary>
internal static class SchemaCheck
{
    private static string Folder { get; } = Repository.PathOf("tests", "ManifestTests", "schemas");

    /// <summary>One a line; a field that a schema does not know is one, and so is an object without a schema.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IEnumerable<Manifest> manifests)
    {
        TestServers.RequireProgram("package.json", Path.Combine(Folder, "node_modules", "kubernetes-models"));
        var input = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(input, new JsonArray([.. manifests.Select(manifest => manifest.Json.DeepClone())]).ToJsonString());
            var node = new ProcessStartInfo(TestServers.RequireProgram("node"), [Path.Combine(Folder, "validate.mjs"), input]);
            return (await TestServers.RunAsync(node, TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(input);
        }
    }
}
