using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>A connection beside the engine's, for what the engine has no words for: topology and counting.</summary>
internal sealed class RabbitMqConnection(BusOptions options) : IAsyncDisposable
{
    private readonly ConnectionFactory _factory = RabbitMqFactory.Create(options);
    private readonly SemaphoreSlim _one = new(1, 1);
    private IConnection? _connection;

    public async Task<IChannel> OpenChannelAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_connection is not { IsOpen: true })
            {
                _connection?.Dispose();
                _connection = await _factory.CreateConnectionAsync(cancellation);
            }
            return await _connection.CreateChannelAsync(cancellationToken: cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Null where there is no such queue. The broker closes the channel that asked for it, so each asks on its own.</summary>
    public async Task<QueueDeclareOk?> CountAsync(string queue, CancellationToken cancellation)
    {
        await using var channel = await OpenChannelAsync(cancellation);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellation);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _one.Dispose();
    }
}
