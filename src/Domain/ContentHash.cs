using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VerSemi.Domain;

/// <summary>Identity by content: the SHA-256 of a value's canonical JSON, as lower-case hexadecimal digits.</summary>
public static class ContentHash
{
    public static string Of<T>(T value) => Of(JsonSerializer.SerializeToUtf8Bytes(value, DomainJson.Canonical));

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // Without this overload an array would be a value to serialise, by the generic method, for ever.
    public static string Of(byte[] bytes) => Of(bytes.AsSpan());

    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether this is a whole hash.</summary>
    public static bool Is(string? text) => text is { Length: 64 } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');

    /// <summary>The first 12 digits: what names of runs and versions show.</summary>
    public static string Abbreviate(string hash) => hash[..Math.Min(12, hash.Length)];
}
