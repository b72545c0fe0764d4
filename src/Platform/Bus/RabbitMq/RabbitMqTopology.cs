using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>Creates every queue that this process knows, heard or only sent to: a scaler sees it before anyone listens.</summary>
internal sealed class RabbitMqTopology(RabbitMqConnection broker, BusBuilder builder, BusOptions options)
{
    public IReadOnlyList<string> Queues { get; } = [.. builder.Queues.Select(queue => queue.Key)];

    public async Task DeclareAsync(CancellationToken cancellation)
    {
        foreach (var queue in Queues)
            await DeclareAsync(queue, cancellation);
    }

    /// <exception cref="InvalidOperationException">The broker refuses: another shape, or no right to it.</exception>
    public async Task DeclareAsync(string queue, CancellationToken cancellation)
    {
        await using var channel = await broker.OpenChannelAsync(cancellation);
        try
        {
            await DeclareAsync(channel, QueueTopology.Errors(queue), QueueTopology.ErrorArguments, cancellation);
            await channel.ExchangeDeclareAsync(QueueTopology.Dead(queue), ExchangeType.Headers, durable: true, autoDelete: false, cancellationToken: cancellation);
            await channel.QueueBindAsync(QueueTopology.Errors(queue), QueueTopology.Dead(queue), "", Table(QueueTopology.DeadBinding), cancellationToken: cancellation);
            await DeclareAsync(channel, queue, QueueTopology.Arguments(queue, options.DeliveryLimit), cancellation);
        }
        catch (OperationInterruptedException e) when (Hint(queue, e) is { } hint)
        {
            throw new InvalidOperationException($"The broker refused to declare queue '{queue}': {e.ShutdownReason?.ReplyText}. {hint}", e);
        }
    }

    /// <summary>What the broker says against sending to a queue of another service; null where it says nothing.</summary>
    public async Task<string?> MaySendAsync(string queue, CancellationToken cancellation)
    {
        await using var channel = await broker.OpenChannelAsync(cancellation);
        try
        {
            // As a sender does before its first message.
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
            return null;
        }
        catch (OperationInterruptedException e)
        {
            return e.ShutdownReason?.ReplyText ?? e.Message;
        }
    }

    private static async Task DeclareAsync(IChannel channel, string queue, IReadOnlyDictionary<string, object> arguments, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Table(arguments), cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
    }

    private static Dictionary<string, object?> Table(IReadOnlyDictionary<string, object> arguments) => arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value);

    private string? Hint(string queue, OperationInterruptedException e) => e.ShutdownReason?.ReplyCode switch
    {
        Constants.PreconditionFailed => $"It exists in another shape: give every service the same Bus:DeliveryLimit, or let '{queue}' and '{QueueTopology.Errors(queue)}' run empty and delete them.",
        Constants.AccessRefused => $"Grant user '{options.User}' configure, write and read on '^{queue}(_error|_dead)?$'.",
        _ => null,
    };
}
