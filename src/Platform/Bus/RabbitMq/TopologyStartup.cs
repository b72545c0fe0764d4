using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>Before the bus: waits for the broker, then declares. A broker that refuses ends the start with its reason.</summary>
internal sealed partial class TopologyStartup(RabbitMqTopology topology, BusOptions options, TimeProvider time, ILogger<TopologyStartup> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await DeclaredAsync(cancellationToken))
            await Task.Delay(Pause, time, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> DeclaredAsync(CancellationToken cancellation)
    {
        try
        {
            await topology.DeclareAsync(cancellation);
            return true;
        }
        catch (BrokerUnreachableException e) when (Refusal(e) is { } refusal)
        {
            throw new InvalidOperationException($"The broker at {options.Host}:{options.PortOrDefault} refused user '{options.User}' on virtual host '{options.VirtualHost}': {refusal} Check Bus:User, Bus:Password and Bus:VirtualHost.", e);
        }
        catch (Exception e) when (e is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException)
        {
            LogWaiting(options.Host, options.PortOrDefault, e.GetBaseException().Message);
            return false;
        }
    }

    /// <summary>The name or password is wrong, or the virtual host is missing: waiting would not help.</summary>
    private static string? Refusal(Exception? e) => e switch
    {
        null => null,
        AuthenticationFailureException => e.Message,
        OperationInterruptedException interrupted => interrupted.ShutdownReason?.ReplyText,
        AggregateException many => many.InnerExceptions.Select(Refusal).FirstOrDefault(refusal => refusal is not null),
        _ => Refusal(e.InnerException),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the broker at {Host}:{Port}: {Reason}")]
    private partial void LogWaiting(string host, int port, string reason);
}
