using System.Text.RegularExpressions;
using VerSemi.TestKit;
using YamlDotNet.RepresentationModel;

namespace VerSemi.ImageTests.Compose;

/// <summary>infra/local/compose.yaml, its anchors and merges resolved.</summary>
internal sealed partial class ComposeFile
{
    public static readonly string Folder = Repository.PathOf("infra", "local");

    private readonly YamlMappingNode _root;

    private ComposeFile(YamlMappingNode root) => _root = root;

    public static string Text { get; } = File.ReadAllText(Path.Combine(Folder, "compose.yaml"));
    public static ComposeFile Read() => new(Parse(Text));

    /// <summary>Names in .env.example, with what stands there.</summary>
    public static IReadOnlyDictionary<string, string> Example { get; } = File.ReadAllLines(Path.Combine(Folder, ".env.example"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public IReadOnlyDictionary<string, YamlMappingNode> Services => Map(_root, "services").ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => (YamlMappingNode)pair.Value);

    /// <summary>The product's own: they are built here.</summary>
    public IReadOnlyDictionary<string, YamlMappingNode> Own => Services.Where(service => Has(service.Value, "build")).ToDictionary();

    public static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)Merged(stream.Documents[0].RootNode);
    }

    /// <summary>"&lt;&lt;" stands for the entries of the mapping behind it; those beside it win.</summary>
    private static YamlNode Merged(YamlNode node)
    {
        if (node is YamlSequenceNode list)
            return new YamlSequenceNode(list.Select(Merged));
        if (node is not YamlMappingNode map)
            return node;
        var merged = new YamlMappingNode();
        foreach (var (key, value) in map.Where(pair => IsMerge(pair.Key)).SelectMany(pair => (YamlMappingNode)Merged(pair.Value)).Concat(map.Where(pair => !IsMerge(pair.Key))))
            merged.Children[key] = Merged(value);
        return merged;
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<" };

    public static YamlMappingNode ParseFile(params string[] path) => Parse(File.ReadAllText(Path.Combine([Folder, .. path])));

    public static bool Has(YamlMappingNode node, string key) => node.Children.ContainsKey(key);

    public static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    public static string Word(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;

    public static IReadOnlyList<string> List(YamlMappingNode node, string key) =>
        Has(node, key) ? [.. ((YamlSequenceNode)node.Children[key]).Select(one => ((YamlScalarNode)one).Value!)] : [];

    public static IReadOnlyDictionary<string, string> Environment(YamlMappingNode service) => Has(service, "environment")
        ? Map(service, "environment").ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!)
        : new Dictionary<string, string>();

    /// <summary>${NAME}, ${NAME:?} and ${NAME:-default} filled in.</summary>
    public static string Fill(string value, IReadOnlyDictionary<string, string> variables) => Variable().Replace(value, match =>
        variables.TryGetValue(match.Groups["name"].Value, out var set) && set.Length > 0 ? set : match.Groups["default"].Value);

    public static IEnumerable<(string Name, bool IsRequired)> Variables(string text) =>
        Variable().Matches(text).Select(match => (match.Groups["name"].Value, match.Groups["required"].Success)).Distinct();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?:(?<required>:\?)|:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
