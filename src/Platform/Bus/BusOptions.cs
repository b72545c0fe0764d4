using System.Text.RegularExpressions;

namespace VerSemi.Platform.Bus;

/// <summary>Settings of the message bus, section "Bus"; validated at start, every error at once.</summary>
public sealed partial class BusOptions
{
    public const string Memory = "memory";
    public const string RabbitMq = "rabbitmq";

    /// <summary>"memory": one process, nothing outlives it. "rabbitmq": a broker, and the settings below.</summary>
    public string Transport { get; set; } = Memory;

    public string Host { get; set; } = "127.0.0.1";

    /// <summary>1 to 65535; by default 5672, with TLS 5671.</summary>
    public int? Port { get; set; }

    public string VirtualHost { get; set; } = "/";
    public string User { get; set; } = "";
    public string Password { get; set; } = "";
    public bool UseTls { get; set; }

    /// <summary>The name that the broker's certificate must bear; by default <see cref="Host"/>.</summary>
    public string? TlsServerName { get; set; }

    /// <summary>PEM of the authority that the broker's certificate must come from; by default those of the system.</summary>
    public string? TlsCaFile { get; set; }

    /// <summary>PKCS#12 without a password, or PEM with the key in it.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>
    /// How often a message may come back unacknowledged before it is a dead letter; at least 20, because a stopping
    /// worker gives back what was already on its way to it. The same for every service: a queue is declared with it.
    /// </summary>
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>Which service this is: its reply queues and its connections bear the name. a-z, 0-9 and '-'.</summary>
    public string Service { get; set; } = "versemi";

    /// <summary>How long a broker that cannot be reached is tried for by one sending; more than 0.</summary>
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How old the answer of a health check may be; more than 0.</summary>
    public TimeSpan HealthAge { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long messages may wait for an idle consumer here until it is taken for deaf and listens anew; more than 0.</summary>
    public TimeSpan DeafAfter { get; set; } = TimeSpan.FromSeconds(30);

    internal bool IsRabbitMq => string.Equals(Transport, RabbitMq, StringComparison.OrdinalIgnoreCase);
    internal int PortOrDefault => Port ?? (UseTls ? 5671 : 5672);

    public IEnumerable<string> Errors()
    {
        if (!IsRabbitMq && !string.Equals(Transport, Memory, StringComparison.OrdinalIgnoreCase))
            yield return $"Bus:Transport is '{Transport}'; allowed: {Memory}, {RabbitMq}";
        if (DeliveryLimit < 20)
            yield return $"Bus:DeliveryLimit is {DeliveryLimit}; allowed: 20 or more";
        if (SendWithin <= TimeSpan.Zero)
            yield return $"Bus:SendWithin is {SendWithin}; allowed: more than 0";
        if (HealthAge <= TimeSpan.Zero)
            yield return $"Bus:HealthAge is {HealthAge}; allowed: more than 0";
        if (DeafAfter <= TimeSpan.Zero)
            yield return $"Bus:DeafAfter is {DeafAfter}; allowed: more than 0";
        if (IsRabbitMq)
            foreach (var error in BrokerErrors().Concat(TlsErrors()))
                yield return error;
    }

    private IEnumerable<string> BrokerErrors()
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return "Bus:Host is empty; allowed: the broker's name or address";
        if (PortOrDefault is < 1 or > 65535)
            yield return $"Bus:Port is {Port}; allowed: 1 to 65535";
        if (string.IsNullOrWhiteSpace(VirtualHost))
            yield return "Bus:VirtualHost is empty; allowed: a virtual host of the broker, '/' for the first";
        if (string.IsNullOrWhiteSpace(User))
            yield return "Bus:User is empty; allowed: the broker's user for this service";
        if (string.IsNullOrEmpty(Password))
            yield return "Bus:Password is empty; allowed: the password of Bus:User";
        if (!ServiceName().IsMatch(Service))
            yield return $"Bus:Service is '{Service}'; allowed: a-z, 0-9 and '-'";
    }

    private IEnumerable<string> TlsErrors()
    {
        var files = new[] { (Name: nameof(TlsCaFile), Path: TlsCaFile), (Name: nameof(ClientCertificateFile), Path: ClientCertificateFile) };
        foreach (var (name, path) in files.Where(file => file.Path is not null))
        {
            if (!File.Exists(path))
                yield return $"Bus:{name} is '{path}'; allowed: a file that exists";
            if (!UseTls)
                yield return $"Bus:{name} is set, but Bus:UseTls is false; set it to true";
        }
        if (TlsServerName is not null && !UseTls)
            yield return "Bus:TlsServerName is set, but Bus:UseTls is false; set it to true";
    }

    [GeneratedRegex(@"\A[a-z0-9-]+\z")]
    private static partial Regex ServiceName();
}
