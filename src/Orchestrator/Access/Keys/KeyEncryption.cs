using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Access.Keys;

/// <summary>Encrypts the secret part of a key before it is stored.</summary>
internal sealed class KeyEncryptor(KeyOptions options) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new KeyCipher(options).Encrypt(plaintextElement.ToString(SaveOptions.DisableFormatting)), typeof(KeyDecryptor));

    /// <summary>
    /// Whether the key's secret is encrypted by this class and by nothing else: ASP.NET also takes plain text, and an
    /// "encryption" that is none, so that a key written into the database by hand would be believed.
    /// </summary>
    public static bool IsEncrypted(XElement key)
    {
        var secrets = key.Descendants().Where(element => element.Name.LocalName == "encryptedSecret").ToList();
        return secrets.Count > 0 && secrets.All(IsOurs) && !key.Descendants().Any(element => element.Name.LocalName == "masterKey");
    }

    private static bool IsOurs(XElement secret) =>
        secret.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "decryptorType")?.Value.Split(',')[0] == typeof(KeyDecryptor).FullName;
}

/// <summary>Made by ASP.NET, by the name that stands in the stored key.</summary>
public sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(new KeyCipher(services.GetRequiredService<AccessOptions>().Keys).Decrypt(encryptedElement));
}
