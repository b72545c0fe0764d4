using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VerSemi.Platform.Blobs;

/// <summary>
/// The last two members of a JSON blob that the platform writes: "sealPath", the path that it was written to, and "sealSha256", the hash of
/// every byte before that hash. A change of a bit, a cut, and a file copied over another one are noticed on reading; JSON readers that do not know
/// the members ignore them.
/// </summary>
internal static class Seal
{
    private const int HashLength = 64;
    private static readonly byte[] Member = "\n  \"sealSha256\": \""u8.ToArray();
    private static readonly byte[] End = "\"\n}"u8.ToArray();

    /// <param name="json">An object.</param>
    public static byte[] Close(string path, ReadOnlySpan<byte> json)
    {
        var content = json[..json.LastIndexOf((byte)'}')].TrimEnd(" \r\n"u8);
        byte[] hashed = [.. content, .. content.Length == 1 ? ""u8 : ","u8, .. Members(path)];
        return [.. hashed, .. Encoding.ASCII.GetBytes(HashOf(hashed)), .. End];
    }

    /// <exception cref="DamagedBlobException">The bytes are not what was written to this path.</exception>
    public static void Check(string path, ReadOnlySpan<byte> bytes)
    {
        CheckContent(path, bytes);
        if (!bytes[..^(HashLength + End.Length)].EndsWith(Members(path)))
            throw new DamagedBlobException(path, $"it is a copy of another blob, '{PathIn(bytes)}'");
    }

    /// <summary>The same for a file that was copied from where it was written: its place is not compared.</summary>
    public static void CheckContent(string path, ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length - HashLength - End.Length;
        if (bytes.IsEmpty)
            throw new DamagedBlobException(path, "it is empty");
        if (length < 0 || !bytes.EndsWith(End) || !bytes[..length].EndsWith(Member))
            throw new DamagedBlobException(path, $"its {bytes.Length} bytes do not end with the checksum that every JSON file of the platform ends with: it was cut off, or something else wrote it");
        var (expected, actual) = (Encoding.ASCII.GetString(bytes.Slice(length, HashLength)), HashOf(bytes[..length]));
        if (expected != actual)
            throw new DamagedBlobException(path, expected, actual);
    }

    private static byte[] Members(string path) => [.. Encoding.UTF8.GetBytes($"\n  \"sealPath\": {JsonSerializer.Serialize(path)},"), .. Member];

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string? PathIn(ReadOnlySpan<byte> bytes)
    {
        using var json = JsonDocument.Parse(bytes.ToArray());
        return json.RootElement.GetProperty("sealPath").GetString();
    }
}
