using System.Globalization;
using System.Text.Json;

namespace VerSemi.Ingest.Drops;

/// <summary>Reads members of a JSON object and collects what is wrong with them instead of stopping at the first fault.</summary>
internal sealed class JsonReading(List<string> errors)
{
    public void Fault(string what) => errors.Add($"{DropFiles.DatasetJson}: {what}");

    public string? Text(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return TextOf(value, $"'{member}'");
    }

    public string? TextOf(JsonElement value, string where)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Fault($"{where} is {Kind(value)}; text is expected.");
        return null;
    }

    public int? Number(JsonElement parent, string member)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0)
            return number;
        Fault($"'{member}' is {value.GetRawText()}; a whole number, 0 or more, is expected.");
        return null;
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
        Fault($"{where} is '{text}'; a whole number, 0 to {ushort.MaxValue}, is expected.");
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
        if (text.StartsWith('/') || text.Contains('\\') || text.Contains(':'))
            Fault($"{where} is '{text}', an absolute path; write it relative to dataset.json, with '/'.");
        else if (parts.Contains(".."))
            Fault($"{where} is '{text}', which leads out of the drop by '..'; put the file into the drop.");
        else if (parts.Length == 0 || parts.Any(part => part.Length == 0 || part.Any(char.IsControl)))
            Fault($"{where} is '{text}', which is not the path of a file.");
        else
            return string.Join('/', parts);
        return null;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };
}
