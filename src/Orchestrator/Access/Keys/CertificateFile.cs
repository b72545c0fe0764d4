using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VerSemi.Orchestrator.Access.Keys;

/// <summary>The private key of the certificate that Access:Keys names.</summary>
internal static class CertificateFile
{
    /// <exception cref="CryptographicException">The file is no certificate, or its password is wrong.</exception>
    public static RSA? PrivateKey(KeyOptions options)
    {
        var isArchive = Path.GetExtension(options.Certificate).ToLowerInvariant() is ".pfx" or ".p12";
        var password = options.CertificatePassword.Length > 0 ? options.CertificatePassword : null;
        using var certificate = isArchive ? X509CertificateLoader.LoadPkcs12FromFile(options.Certificate, password)
            : password is null ? X509Certificate2.CreateFromPemFile(options.Certificate)
            : X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, password);
        return certificate.GetRSAPrivateKey();
    }

    /// <summary>Null where the certificate can be used.</summary>
    public static string? Fault(KeyOptions options)
    {
        if (!File.Exists(options.Certificate))
            return "there is no such file.";
        try
        {
            using var key = PrivateKey(options);
            return key is null ? "it has no private RSA key: export the certificate with its key." : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"it cannot be read ({e.Message.TrimEnd('.')}). PKCS #12 (.pfx, .p12) or PEM with its private key is possible; check CertificatePassword.";
        }
    }
}
