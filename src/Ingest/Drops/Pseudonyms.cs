using System.Security.Cryptography;
using System.Text;

namespace VerSemi.Ingest.Drops;

/// <summary>
/// Stands in for the names of cases and patients, by the key of <see cref="IngestOptions.PseudonymKey"/>: HMAC-SHA-256 (RFC 2104),
/// of which 16 hexadecimal digits are kept. Without the key nobody can tell a name from it, nor try names out. A case's
/// name and the same name of a patient have the same pseudonym, as they are the same name.
/// </summary>
public sealed class Pseudonyms
{
    /// <summary>Shorter keys can be tried out.</summary>
    public const int ShortestKey = 32;

    private const string Prefix = "p-";
    private const int Digits = 16;

    private readonly byte[] _key;

    private Pseudonyms(string key) => _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Null where names stay as they are.</summary>
    public static Pseudonyms? Of(IngestOptions options) => options.PseudonymKey.Length == 0 ? null : new Pseudonyms(options.PseudonymKey);

    public string Of(string name) =>
        Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"versemi/name/1/{name}")))[..Digits];
}
