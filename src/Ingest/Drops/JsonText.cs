using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace VerSemi.Ingest.Drops;

/// <summary>
/// Whether bytes are JSON whose every text can be read. JsonDocument looks neither at the encoding nor at the escapes of
/// a text before it is asked for that text, and then throws.
/// </summary>
internal static class JsonText
{
    private static readonly (byte[] Begin, string Name)[] OtherEncodings =
    [
        ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF], "UTF-32"), ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"),
        ([(byte)'{', 0], "UTF-16"), ([0, (byte)'{'], "UTF-16"),
    ];

    /// <summary>Without the mark that some editors put at the begin of UTF-8.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;

    /// <returns>Null where every text can be read.</returns>
    public static string? FaultOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (begin, name) in OtherEncodings)
            if (bytes.StartsWith(begin))
                return $"it is {name}; save it as UTF-8.";
        if (!Utf8.IsValid(bytes))
            return FaultOfEncoding(bytes);
        try
        {
            return FaultOfTexts(bytes);
        }
        catch (JsonException e)
        {
            return FaultOf(e);
        }
    }

    public static string FaultOf(JsonException e)
    {
        var (end, line) = (e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal), e.LineNumber is { } number ? $" in line {number + 1}" : "");
        return $"it is not valid JSON{line}: {(end < 0 ? e.Message : e.Message[..end])}";
    }

    private static string FaultOfEncoding(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
            at += length;
        return $"it is not UTF-8: line {LineOf(bytes, at)} holds the byte 0x{bytes[at]:X2}; save it as UTF-8 (for ISO 8859-1: iconv -f latin1 -t utf8).";
    }

    private static string? FaultOfTexts(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && FaultOfText(ref reader) is { } fault)
                return $"a text in line {LineOf(bytes, (int)reader.TokenStartIndex)} holds {fault}.";
        return null;
    }

    private static string? FaultOfText(ref Utf8JsonReader reader)
    {
        try
        {
            // No database and no file name can hold it.
            return reader.GetString()!.Contains('\0') ? "the character \\u0000" : null;
        }
        catch (InvalidOperationException)
        {
            return "half of a surrogate pair (\\uD800 to \\uDFFF without the other half)";
        }
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, int position) => bytes[..position].Count((byte)'\n') + 1;
}
