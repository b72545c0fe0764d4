using Azure;
using Azure.Identity;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace VerSemi.Platform.Hints;

/// <summary>The queue and the one for what nobody could handle. A queue that is missing is made, where this process may.</summary>
internal sealed class HintQueue(HintQueueOptions options)
{
    private const int AtATime = 32;

    private readonly QueueClient _queue = ClientOf(options, options.QueueName);
    private readonly QueueClient _poison = ClientOf(options, options.Poison);

    public Task<QueueMessage[]> ReceiveAsync(CancellationToken cancellation) =>
        WithQueueAsync(_queue, async () => (await _queue.ReceiveMessagesAsync(AtATime, options.Visibility, cancellation)).Value, cancellation);

    /// <summary>Whether a message is there to be taken. Takes none.</summary>
    /// <exception cref="RequestFailedException">404: the queue is missing; it is not made.</exception>
    public Task<bool> AnyAsync(CancellationToken cancellation) => AnyAsync(_queue, cancellation);

    /// <summary>The same of the queue for what nobody could handle.</summary>
    public Task<bool> AnyPoisonAsync(CancellationToken cancellation) => AnyAsync(_poison, cancellation);

    /// <summary>Nothing happens where it is gone, or another has it by now.</summary>
    public async Task DeleteAsync(QueueMessage message, CancellationToken cancellation)
    {
        try
        {
            await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellation);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
        }
    }

    public async Task PoisonAsync(QueueMessage message, CancellationToken cancellation)
    {
        // For ever: somebody is to look at it.
        await WithQueueAsync(_poison, () => _poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellation), cancellation);
        await DeleteAsync(message, cancellation);
    }

    private static async Task<bool> AnyAsync(QueueClient queue, CancellationToken cancellation) =>
        (await queue.PeekMessageAsync(cancellation)).Value is not null;

    private static async Task<T> WithQueueAsync<T>(QueueClient queue, Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);
            return await request();
        }
    }

    private static QueueClient ClientOf(HintQueueOptions options, string name)
    {
        // Event Grid sends Base64, others may send text: whoever understands the message looks.
        var client = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        client.Retry.MaxRetries = 2;
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        if (options.ConnectionString.Length > 0)
            return new QueueClient(options.ConnectionString, name, client);
        var identity = new DefaultAzureCredentialOptions();
        if (options.ManagedIdentityClientId.Length > 0)
            identity.ManagedIdentityClientId = identity.WorkloadIdentityClientId = options.ManagedIdentityClientId;
        return new QueueClient(new QueueUriBuilder(new Uri(options.ServiceUri)) { QueueName = name }.ToUri(), new DefaultAzureCredential(identity), client);
    }
}
