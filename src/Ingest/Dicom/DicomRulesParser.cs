using System.Text.Json;
using System.Text.RegularExpressions;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Dicom;

/// <summary>Reads versemi.json of a DICOM drop; a member that is not known is a fault, since a misspelt rule would take other series.</summary>
internal sealed class DicomRulesParser(List<string> errors)
{
    public const string File = "versemi.json";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] Members = ["name", "series", "structures", "licence", "consent", "purpose"];
    private static readonly string[] SeriesMembers = ["modality", "description", "kernel", "minimumSlices", "derived"];
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly JsonReading _read = new(errors, File);

    /// <summary>The default rules where nothing can be read; the errors say why.</summary>
    public DicomRules Parse(ReadOnlyMemory<byte> bytes)
    {
        var text = JsonText.WithoutMark(bytes);
        try
        {
            if (JsonText.FaultOf(text.Span) is { } fault)
                _read.Fault(fault);
            else if (JsonDocument.Parse(text, Strict).RootElement is { ValueKind: JsonValueKind.Object } root)
                return Read(root);
            else
                _read.Fault("it holds no JSON object.");
        }
        catch (JsonException e)
        {
            _read.Fault(JsonText.FaultOf(e));
        }
        return new DicomRules();
    }

    private DicomRules Read(JsonElement root)
    {
        Refuse(root.EnumerateObject(), Members, "");
        var series = root.TryGetProperty("series", out var found) && found.ValueKind == JsonValueKind.Object ? found : JsonDocument.Parse("{}").RootElement;
        Refuse(_read.Members(root, "series"), SeriesMembers, "series.");
        return new DicomRules
        {
            Name = _read.Name(root, "name"),
            Modalities = [.. (_read.Items(series, "modality") ?? []).Select(value => _read.NameOf(value, "'series.modality'")).OfType<string>()],
            Description = Pattern(series, "description"),
            Kernel = Pattern(series, "kernel"),
            MinimumSlices = _read.Number(series, "minimumSlices") is { } slices ? Math.Max(2, slices) : DicomRules.DefaultMinimumSlices,
            Derived = _read.Flag(series, "derived"),
            Structures = Structures(root),
            Licence = _read.Text(root, "licence"),
            Consent = _read.Text(root, "consent"),
            Purpose = _read.Text(root, "purpose"),
        };
    }

    private Dictionary<string, string> Structures(JsonElement root)
    {
        var structures = new Dictionary<string, string>();
        foreach (var member in _read.Members(root, "structures"))
            if (_read.NameOf(member.Value, "a structure") is { } name)
                structures[member.Name.Trim()] = name;
        return structures;
    }

    /// <summary>A regular expression of .NET, without backtracking, so that no text can hold it up.</summary>
    private Regex? Pattern(JsonElement series, string member)
    {
        if (_read.Name(series, member) is not { } pattern)
            return null;
        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            _read.Fault($"'series.{member}' is no regular expression that can be used: {e.Message}");
            return null;
        }
    }

    private void Refuse(IEnumerable<JsonProperty> members, string[] known, string prefix)
    {
        foreach (var member in members.Where(member => !known.Contains(member.Name)))
            _read.Fault($"'{prefix}{member.Name}' is unknown; possible are {string.Join(", ", known)}.");
    }
}
