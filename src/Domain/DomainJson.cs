using System.Text.Json;
using System.Text.Json.Serialization;

namespace VerSemi.Domain;

/// <summary>How the records of this project are written as JSON: in blobs, rows, messages and the API alike.</summary>
public static class DomainJson
{
    /// <summary>For people and files: indented.</summary>
    public static JsonSerializerOptions Readable { get; } = Make(indented: true);

    /// <summary>For hashes and rows: one line, members in the order in which the record declares them.</summary>
    public static JsonSerializerOptions Canonical { get; } = Make(indented: false);

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = true;
        options.AllowDuplicateProperties = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions { WriteIndented = indented };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
