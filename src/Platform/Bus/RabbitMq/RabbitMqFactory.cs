using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>How this process connects: the engine and the topology use the same settings.</summary>
internal static class RabbitMqFactory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A connection that carries nothing more and says nothing of it is noticed by both sides after two of these. Shorter ones fail where a training keeps every core busy; the client's default is a minute.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    public static ConnectionFactory Create(BusOptions options)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.PortOrDefault,
            VirtualHost = options.VirtualHost,
            UserName = options.User,
            Password = options.Password,
            ClientProvidedName = $"{options.Service} topology",
            // A connection that broke is replaced; two ways to recover would work against each other.
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Patience,
            ContinuationTimeout = Patience,
            RequestedHeartbeat = Heartbeat,
        };
        Secure(factory, options);
        return factory;
    }

    public static void Secure(ConnectionFactory factory, BusOptions options)
    {
        if (!options.UseTls)
            return;
        factory.Ssl = new SslOption(options.TlsServerName ?? options.Host, enabled: true)
        {
            Version = SslProtocols.Tls12 | SslProtocols.Tls13,
            Certs = options.ClientCertificateFile is { } file ? [Certificate(file)] : null,
        };
        if (options.TlsCaFile is { } authority)
            factory.Ssl.CertificateValidationCallback = Trusting(X509CertificateLoader.LoadCertificateFromFile(authority));
    }

    private static X509Certificate2 Certificate(string file) => Path.GetExtension(file) is ".pem" or ".crt"
        ? X509Certificate2.CreateFromPemFile(file)
        : X509CertificateLoader.LoadPkcs12FromFile(file, password: null);

    /// <summary>The name must be right as ever; only who vouches for it is the file's authority instead of the system's.</summary>
    private static RemoteCertificateValidationCallback Trusting(X509Certificate2 authority) => (_, certificate, chain, errors) =>
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.Add(authority);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain?.ChainElements.AsEnumerable() ?? [])
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(new X509Certificate2(certificate));
    };
}
