using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using VerSemi.Platform.Startup;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>The broker, with every queue of this process declared before the bus starts.</summary>
internal sealed class BrokerRequirement(RabbitMqTopology topology, BusOptions options) : IStartRequirement
{
    public string Name => $"RabbitMQ at {options.Host}:{options.PortOrDefault}";

    public Task MeetAsync(CancellationToken cancellation) => topology.DeclareAsync(cancellation);

    /// <summary>A broken connection, also one that breaks while the user logs in, is that of a broker that starts or stops; only its own answer is a refusal.</summary>
    public StartFailure Explain(Exception failure)
    {
        var causes = Causes.Of(failure).ToList();
        var answer = causes.OfType<OperationInterruptedException>().Select(cause => cause.ShutdownReason).FirstOrDefault(reason => reason?.Initiator == ShutdownInitiator.Peer);
        if (answer?.ReplyCode == Constants.PreconditionFailed)
            return new StartFailure(StartFailureKind.Wrong, failure.Message);
        // Of a queue, the topology says what to grant.
        if (answer?.ReplyCode == Constants.AccessRefused && failure is InvalidOperationException)
            return new StartFailure(StartFailureKind.Refused, failure.Message);
        if (causes.OfType<AuthenticationFailureException>().FirstOrDefault() is { } login)
            return Refused(login.Message);
        if (answer?.ReplyCode is Constants.AccessRefused or Constants.NotAllowed)
            return Refused(answer.ReplyText);
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
            return new StartFailure(StartFailureKind.Refused, $"no TLS connection: {tls.Message} Check Bus:TlsCaFile, Bus:TlsServerName and Bus:ClientCertificateFile.");
        return new StartFailure(StartFailureKind.Absent, causes[^1].Message);
    }

    private StartFailure Refused(string reason) => new(StartFailureKind.Refused,
        $"it refuses user '{options.User}' on virtual host '{options.VirtualHost}': {reason} Check Bus:User, Bus:Password and Bus:VirtualHost, unless the broker is still starting.");
}
