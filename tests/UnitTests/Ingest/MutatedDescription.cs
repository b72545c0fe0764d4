using System.Text;
using System.Text.RegularExpressions;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A dataset.json with some faults in it, of tokens and of bytes; the same seed gives the same faults.</summary>
internal sealed partial class MutatedDescription(int seed)
{
    private const int MostFaults = 3;

    private static readonly string[] Texts =
    [
        "", ".", "..", "../models", "/etc/passwd", "a\\\\b", "a\\nb", "\\u0000", "\\ud800", "\\udc00x", "\\u202E", "_report", ".hidden", " x ", "x.", "imagesTr/", "imagesTr//c00.nii.gz",
        "imagesTr/c00.nii.gz", "C:/x.nii.gz", "s3://b/x.nii.gz", "腹部", "Läsion", "La\\u0308sion", "background", "0", "65536", "-1", "1e9", new string('x', 300), new string('y', 20_000), new string('肝', 100),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "NaN", "-0", "1e999", "99999999999999999999", "-1", "0.5", "[]", "{}", "[[[]]]", "[null]", "{\"0\": null}", "{\"\": \"\"}", "[{}]", "[1, \"x\", {}]", new string('[', 80) + new string(']', 80),
        "{\"image\": [], \"label\": {}}", "{\"images\": [\"imagesTr/c00.nii.gz\", 1]}",
    ];

    private readonly Random _random = new(seed);

    public byte[] Of(string json)
    {
        var text = json;
        for (var faults = _random.Next(1, MostFaults + 1); faults > 0; faults--)
            text = Mutate(text);
        return _random.Next(3) == 0 ? Mutate(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text);
    }

    private string Mutate(string json)
    {
        var tokens = Token().Matches(json);
        if (tokens.Count == 0)
            return json;
        var (token, other) = (tokens[_random.Next(tokens.Count)], tokens[_random.Next(tokens.Count)]);
        var (before, after) = (json[..token.Index], json[(token.Index + token.Length)..]);
        return _random.Next(6) switch
        {
            0 or 1 => $"{before}\"{Pick(Texts)}\"{after}",
            2 => before + Pick(Values) + after,
            3 => before + other.Value + after,
            4 => before + after,
            _ => $"{before}{token.Value}, {other.Value}: {token.Value}{after}",
        };
    }

    private byte[] Mutate(byte[] bytes)
    {
        var (at, length) = (_random.Next(bytes.Length + 1), _random.Next(1, 40));
        var end = Math.Min(bytes.Length, at + length);
        var noise = new byte[_random.Next(1, 8)];
        _random.NextBytes(noise);
        return _random.Next(8) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..at], .. noise, .. bytes[at..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => [0xEF, 0xBB, 0xBF, .. bytes],
            5 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes))],
            6 => Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(bytes)),
            _ => Flipped(bytes),
        };
    }

    private byte[] Flipped(byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        if (flipped.Length > 0)
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped;
    }

    private string Pick(string[] all) => all[_random.Next(all.Length)];

    /// <summary>A text or a number.</summary>
    [GeneratedRegex("""\"(?:[^\"\\]|\\.)*\"|-?\d+""")]
    private static partial Regex Token();
}
