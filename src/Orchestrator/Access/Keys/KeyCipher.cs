using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace VerSemi.Orchestrator.Access.Keys;

/// <summary>
/// Encrypts by AES-256-GCM. The passphrase gives the AES key by PBKDF2; with a certificate it is random, and stands beside
/// the text, encrypted by RSA-OAEP.
/// </summary>
internal sealed class KeyCipher(KeyOptions options)
{
    /// <summary>Recommended for PBKDF2 with SHA-512 (OWASP, 2023).</summary>
    private const int Iterations = 210_000;
    private const int MostIterations = 10_000_000;
    private const int KeyBytes = 32;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static readonly XName Name = "versemiEncrypted";

    public XElement Encrypt(string text)
    {
        var (key, how) = NewKey();
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[plain.Length + TagBytes];
        using (var aes = new AesGcm(key, TagBytes))
            aes.Encrypt(nonce, plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plain);
        return new XElement(Name, how, new XAttribute("nonce", Convert.ToBase64String(nonce)), Convert.ToBase64String(sealedBytes));
    }

    /// <exception cref="CryptographicException">Another passphrase or certificate encrypted it, or it was changed.</exception>
    public string Decrypt(XElement element)
    {
        var sealedBytes = Convert.FromBase64String(element.Value);
        if (element.Name != Name || sealedBytes.Length < TagBytes)
            throw new CryptographicException("This is no key that VerSemi encrypted.");
        var plain = new byte[sealedBytes.Length - TagBytes];
        var key = KeyOf(element);
        using (var aes = new AesGcm(key, TagBytes))
            aes.Decrypt(Bytes(element, "nonce"), sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), plain);
        CryptographicOperations.ZeroMemory(key);
        return Encoding.UTF8.GetString(plain);
    }

    private (byte[] Key, XAttribute[] How) NewKey()
    {
        if (options.Certificate.Length == 0)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            return (OfPassphrase(salt, Iterations), [new XAttribute("salt", Convert.ToBase64String(salt)), new XAttribute("iterations", Iterations)]);
        }
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        using var rsa = PrivateKey();
        return (key, [new XAttribute("key", Convert.ToBase64String(rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256)))]);
    }

    private byte[] KeyOf(XElement element)
    {
        if (options.Certificate.Length == 0)
            return OfPassphrase(Bytes(element, "salt"), int.Parse(Attribute(element, "iterations"), CultureInfo.InvariantCulture));
        using var rsa = PrivateKey();
        return rsa.Decrypt(Bytes(element, "key"), RSAEncryptionPadding.OaepSHA256);
    }

    private byte[] OfPassphrase(byte[] salt, int iterations) => options.Passphrase.Length > 0 && iterations is >= Iterations and <= MostIterations
        ? Rfc2898DeriveBytes.Pbkdf2(options.Passphrase, salt, iterations, HashAlgorithmName.SHA512, KeyBytes)
        : throw new CryptographicException("The key is encrypted by a passphrase, and Access:Keys:Passphrase is not set.");

    private RSA PrivateKey() => CertificateFile.PrivateKey(options) ?? throw new CryptographicException($"'{options.Certificate}' has no private RSA key.");

    private static byte[] Bytes(XElement element, string name) => Convert.FromBase64String(Attribute(element, name));

    private static string Attribute(XElement element, string name) =>
        element.Attribute(name)?.Value ?? throw new CryptographicException($"The encrypted key has no '{name}': another way of Access:Keys encrypted it.");
}
