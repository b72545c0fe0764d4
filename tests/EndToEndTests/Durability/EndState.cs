using System.Text.Json.Nodes;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Durability;

/// <summary>What must be the same however often the process was killed: nothing lost, nothing doubled, the same bits.</summary>
public static class EndState
{
    public static async Task<JsonNode> ReadAsync(RunningPlatform platform, Scenario scenario, CancellationToken cancellation) => new JsonObject
    {
        ["datasets"] = Pick(await platform.GetAsync("datasets", cancellation), "name", "version", "generation", "training", "validation", "test", "unlabelled"),
        ["cycles"] = Pick(await platform.GetAsync("cycles", cancellation), "number", "state", "datasets", "run", "champion", "model", "generation"),
        ["runs"] = Pick(await platform.GetAsync("runs", cancellation), "id", "state"),
        ["ledger"] = Pick(await platform.GetAsync("ledger", cancellation), "generation", "version", "kind", "sealedSetUses"),
        ["production"] = Read(scenario.Production),
        ["weights"] = new JsonArray([.. Models(scenario).Select(folder => (JsonNode?)Read(Path.Combine(folder, "model.json"))["weights"]!.DeepClone())]),
        ["evaluations"] = new JsonArray([.. Models(scenario).Select(folder => (JsonNode?)Read(Path.Combine(folder, "evaluation.json"))["scores"]!.DeepClone())]),
    };

    /// <summary>Unfinished files where a reader would find them.</summary>
    public static IEnumerable<string> LeftOvers(string data) =>
        Directory.EnumerateFiles(data, "*.part", SearchOption.AllDirectories).Where(file => !file.StartsWith(Path.Combine(data, ".store"), StringComparison.Ordinal));

    private static IEnumerable<string> Models(Scenario scenario) =>
        Directory.EnumerateDirectories(Path.Combine(scenario.Data, "models", "main")).Where(folder => Path.GetFileName(folder) != "ledger").Order(StringComparer.Ordinal);

    private static JsonArray Pick(JsonNode rows, params string[] members) => new([.. rows.AsArray().Select(row =>
        (JsonNode?)new JsonObject(members.Select(member => KeyValuePair.Create(member, row![member]?.DeepClone()))))]);

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;
}
