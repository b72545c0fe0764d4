using System.Globalization;
using System.Text.Json;
using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>Reads members of a JSON object and collects what is wrong with them instead of stopping at the first fault.</summary>
/// <param name="file">What messages call the file.</param>
internal sealed class JsonReading(List<string> errors, string file = DropFiles.DatasetJson)
{
    /// <summary>Longer names, and more prose, are a mistake.</summary>
    private const int LongestName = 200, LongestText = 100_000, LongestFault = 1000;

    public void Fault(string what) => errors.Add($"{file}: {ShownText.Of(what, LongestFault)}");

    public string? Text(JsonElement parent, string member) => Given(parent, member) is { } value ? TextOf(value, $"'{member}'") : null;

    public string? Name(JsonElement parent, string member) => Given(parent, member) is { } value ? NameOf(value, $"'{member}'") : null;

    public string? TextOf(JsonElement value, string where)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is null)
            Fault($"{where} is {Kind(value)}; text is expected.");
        else if (text.Length > LongestText)
            Fault($"{where} has {text.Length} characters; at most {LongestText} are possible.");
        else
            return text;
        return null;
    }

    /// <summary>A text that people type and tables hold.</summary>
    public string? NameOf(JsonElement value, string where)
    {
        if (TextOf(value, where) is not { } name)
            return null;
        if (name.Length <= LongestName && !name.Any(ShownText.IsInvisible))
            return name;
        Fault($"{where} is '{ShownText.Of(name)}'; a name has at most {LongestName} characters, none of them a control or invisible one.");
        return null;
    }

    public int? Number(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0)
            return number;
        Fault($"'{member}' is {ShownText.Of(value.GetRawText())}; a whole number, 0 or more, is expected.");
        return null;
    }

    /// <summary>False where it is missing.</summary>
    public bool Flag(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False)
            return value.ValueKind == JsonValueKind.True;
        Fault($"'{member}' is {Kind(value)}; true or false is expected.");
        return false;
    }

    /// <summary>Members of an object; none where it is missing.</summary>
    public IEnumerable<JsonProperty> Members(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.Object)
            return value.EnumerateObject();
        Fault($"'{member}' is {Kind(value)}; an object is expected.");
        return [];
    }

    /// <summary>Null where it is missing.</summary>
    public IReadOnlyList<JsonElement>? Items(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray()];
        Fault($"'{member}' is {Kind(value)}; a list is expected.");
        return null;
    }

    /// <summary>A voxel value or index written as text or number.</summary>
    public int? Whole(string text, string where)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ushort.MaxValue)
            return number;
        Fault($"{where} is '{ShownText.Of(text)}'; a whole number, 0 to {ushort.MaxValue}, is expected.");
        return null;
    }

    /// <summary>
    /// A path relative to dataset.json, or null and a fault where it could lead out of the drop.
    /// </summary>
    public string? PathOf(JsonElement value, string where)
    {
        if (TextOf(value, where) is not { } text)
            return null;
        var parts = text.Split('/').Where(part => part != ".").ToArray();
        var shown = ShownText.Of(text);
        if (text.StartsWith('/') || text.Contains(':'))
            Fault($"{where} is '{shown}', an absolute path; write it relative to dataset.json, with '/'.");
        else if (text.Contains('\\'))
            Fault($"{where} is '{shown}', with a backslash; write it with '/'.");
        else if (parts.Contains(".."))
            Fault($"{where} is '{shown}', which leads out of the drop by '..'; put the file into the drop.");
        else if (parts.Select(PathSegment.FaultOf).FirstOrDefault(fault => fault is not null) is { } fault)
            Fault($"{where} is '{shown}', which is not the path of a file: a part of it {fault}.");
        else
            return string.Join('/', parts);
        return null;
    }

    private static JsonElement? Given(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => ShownText.Of(value.GetRawText()),
    };
}
