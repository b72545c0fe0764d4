using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

/// <summary>A certificate authority of a test's own, with what it vouches for as files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _authority;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(From, From.AddDays(30));
        File.WriteAllText(CaFile, _authority.ExportCertificatePem());
    }

    public string CaFile => _folder["ca.pem"];
    public string ServerFile => _folder["server.pem"];
    public string ServerKeyFile => _folder["server.key"];
    public string ClientFile => _folder["client.p12"];

    public void Issue()
    {
        using var server = Issue("broker", names => names.AddDnsName("broker.test"));
        File.WriteAllText(ServerFile, server.ExportCertificatePem());
        File.WriteAllText(ServerKeyFile, server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        using var client = Issue("client", names => names.AddIpAddress(IPAddress.Loopback));
        File.WriteAllBytes(ClientFile, client.Export(X509ContentType.Pkcs12));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private X509Certificate2 Issue(string name, Action<SubjectAlternativeNameBuilder> add)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        add(names);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, From, From.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
