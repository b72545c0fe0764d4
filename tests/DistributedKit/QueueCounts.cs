using System.Text;
using RabbitMQ.Client;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedKit;

/// <summary>How much waits in a queue, as a scaler asks the broker: by a passive declaration.</summary>
public sealed class QueueCounts : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private QueueCounts(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<QueueCounts> ConnectAsync(RabbitMqVirtualHost rabbit, CancellationToken cancellation = default)
    {
        var connection = await FactoryOf(rabbit).CreateConnectionAsync(cancellation);
        return new QueueCounts(connection, await connection.CreateChannelAsync(cancellationToken: cancellation));
    }

    public static ConnectionFactory FactoryOf(RabbitMqVirtualHost rabbit) => new()
    {
        HostName = rabbit.Server.Host,
        Port = rabbit.Server.Port,
        VirtualHost = rabbit.Name,
        UserName = rabbit.Server.User,
        Password = rabbit.Server.Password,
    };

    /// <summary>Messages that wait for a consumer.</summary>
    public async Task<long> ReadyAsync(string queue, CancellationToken cancellation = default) =>
        (await _channel.QueueDeclarePassiveAsync(queue, cancellation)).MessageCount;

    /// <summary>What was given up on, and why. The letters stay where they are until this is disposed.</summary>
    public async Task<IReadOnlyList<string>> DeadLettersAsync(string queue, CancellationToken cancellation = default)
    {
        var letters = new List<string>();
        while (await _channel.BasicGetAsync($"{queue}_error", autoAck: false, cancellation) is { } letter)
            letters.Add($"{queue}: {Header(letter, "MT-Fault-ExceptionType")} {Header(letter, "MT-Fault-Message")} {Header(letter, "x-first-death-reason")} {Encoding.UTF8.GetString(letter.Body.Span)}");
        return letters;
    }

    private static string Header(BasicGetResult letter, string name) =>
        letter.BasicProperties.Headers?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : "";

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
