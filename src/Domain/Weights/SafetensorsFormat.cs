using System.Buffers.Binary;
using System.Text.Json;

namespace VerSemi.Domain.Weights;

/// <summary>
/// The header of a safetensors file (huggingface.co/docs/safetensors, "Format"): 8 bytes little-endian length, JSON
/// {"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {text: text}}, then the tensors' bytes
/// without gaps.
/// </summary>
public static class SafetensorsFormat
{
    public const int LengthBytes = 8;
    /// <summary>The reference implementation's limit.</summary>
    public const int LongestHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    /// <summary>Bytes of one number of each type.</summary>
    public static IReadOnlyDictionary<string, int> Types { get; } = new Dictionary<string, int>
    {
        ["F64"] = 8,
        ["F32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I64"] = 8,
        ["I32"] = 4,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U8"] = 1,
        ["BOOL"] = 1,
    };

    /// <summary>Where a tensor lies: <paramref name="Begin"/> and <paramref name="End"/> are bytes after the header.</summary>
    public sealed record Entry(string Name, string Type, long[] Shape, long Begin, long End);

    /// <summary>Length and JSON, padded with spaces to a multiple of 8, so that the data is aligned to 64 bits.</summary>
    public static byte[] Compose(IEnumerable<Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, entries, metadata);
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - LengthBytes);
        return header;
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject();
        if (metadata.Count > 0)
        {
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        foreach (var entry in entries)
        {
            json.WritePropertyName(entry.Name);
            JsonSerializer.Serialize(json, new Dictionary<string, object> { ["dtype"] = entry.Type, ["shape"] = entry.Shape, ["data_offsets"] = new[] { entry.Begin, entry.End } });
        }
        json.WriteEndObject();
    }

    /// <summary>Reads length and header; nothing is allocated for a length that the file cannot hold.</summary>
    /// <param name="stream">At the file's beginning.</param>
    /// <param name="fileBytes">Of the whole file.</param>
    public static byte[] ReadHeader(Stream stream, string file, long fileBytes)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw Refuse(file, $"it has {fileBytes} bytes, fewer than the 8 of the header's length");
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || length > fileBytes - LengthBytes)
            throw Refuse(file, $"it says that its header has {(ulong)length} bytes, of {fileBytes} in the file");
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    /// <param name="file">For messages.</param>
    /// <param name="dataBytes">Bytes of the file after the header.</param>
    public static (IReadOnlyList<Entry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(byte[] header, string file, long dataBytes)
    {
        try
        {
            // Two tensors of one name would make the file's meaning depend on its reader.
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var members = json.RootElement.EnumerateObject().ToList();
            var metadata = members.Where(m => m.Name == MetadataKey).SelectMany(m => m.Value.EnumerateObject()).ToDictionary(m => m.Name, m => m.Value.GetString() ?? "");
            var entries = members.Where(m => m.Name != MetadataKey).Select(m => Read(m, file)).OrderBy(e => e.Begin).ThenBy(e => e.End).ToList();
            CheckLayout(entries, file, dataBytes);
            return (entries, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Refuse(file, $"its header is not what the format asks for ({e.Message})", e);
        }
    }

    private static Entry Read(JsonProperty member, string file)
    {
        var type = member.Value.GetProperty("dtype").GetString() ?? "";
        var shape = member.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = member.Value.GetProperty("data_offsets");
        if (!Types.TryGetValue(type, out var known))
            throw Refuse(file, $"tensor '{member.Name}' has dtype '{type}'; known are {string.Join(", ", Types.Keys)}");
        if (offsets.GetArrayLength() != 2 || shape.Any(side => side < 0))
            throw Refuse(file, $"tensor '{member.Name}' has a negative side or not two offsets");
        var entry = new Entry(member.Name, type, shape, offsets[0].GetInt64(), offsets[1].GetInt64());
        // In 128 bits: a product of sides may exceed 64.
        var bytes = shape.Aggregate((Int128)known, (product, side) => Int128.Min(product * side, long.MaxValue));
        if ((Int128)entry.End - entry.Begin != bytes)
            throw Refuse(file, $"tensor '{member.Name}' of shape [{string.Join(", ", shape)}] and dtype {type} needs {bytes} bytes, its offsets {entry.Begin} to {entry.End} say otherwise");
        return entry;
    }

    private static void CheckLayout(List<Entry> entries, string file, long dataBytes)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw Refuse(file, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data where the one before it ends at {end}: tensors neither overlap nor leave gaps");
            end = entry.End;
        }
        if (end != dataBytes)
            throw Refuse(file, $"its tensors take {end} bytes, but {dataBytes} bytes follow the header");
    }

    public static DomainException Refuse(string file, string reason, Exception? cause = null) =>
        new($"'{file}' cannot be read as safetensors: {reason}. Fetch or export the file again.", cause);
}
