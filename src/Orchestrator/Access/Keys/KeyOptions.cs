namespace VerSemi.Orchestrator.Access.Keys;

/// <summary>How the keys that protect sessions are encrypted where they are stored. Section "Access:Keys"; one way at most.</summary>
public sealed class KeyOptions
{
    /// <summary>A shorter passphrase could be guessed from a copy of the database.</summary>
    public const int ShortestPassphrase = 20;

    /// <summary>Secret, of at least 20 characters, the same for all replicas.</summary>
    public string Passphrase { get; set; } = "";

    /// <summary>Path of a certificate with its private RSA key, the same for all replicas: PKCS #12 (.pfx, .p12), or PEM with the key in the same file.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Secret. Empty: the certificate's file has none.</summary>
    public string CertificatePassword { get; set; } = "";

    internal bool IsOn => Passphrase.Length > 0 || Certificate.Length > 0;

    /// <summary>All faults at once; no secret is in them.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Passphrase.Length > 0 && Certificate.Length > 0)
            yield return "Access:Keys has a Passphrase and a Certificate: give one of them.";
        if (Passphrase.Length is > 0 and < ShortestPassphrase)
            yield return $"Access:Keys:Passphrase has {Passphrase.Length} characters: at least {ShortestPassphrase} are needed, e.g. of `openssl rand -base64 32` (it is not shown here).";
        if (Certificate.Length == 0 && CertificatePassword.Length > 0)
            yield return "Access:Keys:Certificate is empty: give the path of the certificate, or remove CertificatePassword.";
        if (Certificate.Length > 0 && CertificateFile.Fault(this) is { } fault)
            yield return $"Access:Keys:Certificate is '{Certificate}': {fault}";
    }
}
