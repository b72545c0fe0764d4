using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VerSemi.TestKit;

/// <summary>An expression of a dashboard or an alert, with the labels that its legend or texts name.</summary>
public sealed partial record MetricExpression(string Where, string Text, IReadOnlyList<string> Shown)
{
    /// <summary>Names of the series that it asks for, as they are stored.</summary>
    public IReadOnlyList<string> Metrics => [.. MetricName().Matches(Groupings().Replace(Strings().Replace(Text, "\"\""), "")).Select(match => match.Value).Distinct()];

    /// <summary>What it selects and groups by, and what is shown of it.</summary>
    public IReadOnlyList<string> Labels =>
    [
        .. Matchers().Matches(Text).Select(match => match.Groups[1].Value)
            .Concat(Groupings().Matches(Text).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            .Concat(Shown).Distinct(),
    ];

    [GeneratedRegex(@"\b(versemi|http|process|dotnet)_[a-z0-9_]+\b(?=[{\[\s)]|$)(?!\s*(=|!))")]
    private static partial Regex MetricName();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"([a-z_][a-z0-9_]*)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\b(?:by|on)\s*\(([^)]*)\)")]
    private static partial Regex Groupings();
}

/// <summary>What k8s/components/monitoring asks of the metrics.</summary>
public static partial class Monitoring
{
    private static readonly string Folder = Repository.PathOf("k8s", "components", "monitoring");

    /// <summary>The rules as Prometheus itself reads them: without the operator's envelope.</summary>
    public static string Rules()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "alerts.yaml"));
        // The spec is the last part, and its lines are indented by two.
        return string.Join('\n', lines.SkipWhile(line => line != "spec:").Skip(1).Select(line => line.Length >= 2 ? line[2..] : line)) + '\n';
    }

    public static IReadOnlyList<MetricExpression> Dashboards() =>
    [
        .. from file in Directory.GetFiles(Path.Combine(Folder, "dashboards"), "*.json").Order(StringComparer.Ordinal)
           let dashboard = JsonNode.Parse(File.ReadAllText(file))!
           from panel in dashboard["panels"]!.AsArray()
           from target in panel!["targets"]!.AsArray()
           select new MetricExpression(
               $"{Path.GetFileName(file)}, {panel["title"]}", target!["expr"]!.GetValue<string>().Replace("$line", ".*", StringComparison.Ordinal), Names(Legend(), target["legendFormat"]!.GetValue<string>())),
    ];

    private static IReadOnlyList<string> Names(Regex of, string text) => [.. of.Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"\{\{\s*([a-z_]+)\s*\}\}")]
    private static partial Regex Legend();
}
