using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Hints;

/// <summary>Brings every message of the queue to the handler, then deletes it. In trouble it goes on trying: hints may be late.</summary>
internal sealed class HintQueueReader(HintQueueOptions options, IHintHandler handler, TimeProvider time, ILogger<HintQueueReader> log) : BackgroundService
{
    private readonly HintQueue _queue = new(options);
    private string? _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.PollInterval;
        while (true)
        {
            if (await ReadAsync(stoppingToken) > 0)
            {
                pause = options.PollInterval;
                continue;
            }
            await Task.Delay(pause, time, stoppingToken);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, options.PollAtMost.Ticks));
        }
    }

    /// <returns>How many messages came; none where the queue cannot be read.</returns>
    private async Task<int> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var messages = await _queue.ReceiveAsync(cancellation);
            foreach (var message in messages)
                await HandleAsync(message, cancellation);
            _trouble = null;
            return messages.Length;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Once for each trouble: it may last long.
            if (_trouble != e.GetType().Name)
                log.LogWarning("Queue {Queue} cannot be read, only the sweep finds new data until it can: {Reason}", options.QueueName, ReasonOf(e));
            _trouble = e.GetType().Name;
            return 0;
        }
    }

    private async Task HandleAsync(QueueMessage message, CancellationToken cancellation)
    {
        try
        {
            if (message.DequeueCount > options.MaxDequeue)
                throw new InvalidDataException($"it was taken {message.DequeueCount - 1} times and never finished");
            await handler.HandleAsync(message.Body.ToString(), cancellation);
            await _queue.DeleteAsync(message, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await FailedAsync(message, e, cancellation);
        }
    }

    private async Task FailedAsync(QueueMessage message, Exception failure, CancellationToken cancellation)
    {
        if (failure is not InvalidDataException && message.DequeueCount < options.MaxDequeue)
        {
            log.LogWarning("Message {Message} of queue {Queue} failed, try {Try} of {Tries}: {Reason}",
                message.MessageId, options.QueueName, message.DequeueCount, options.MaxDequeue, FirstLine(failure));
            return;
        }
        await _queue.PoisonAsync(message, cancellation);
        log.LogError("Message {Message} of queue {Queue} was put into {Poison} after {Tries} tries: {Reason}",
            message.MessageId, options.QueueName, options.Poison, message.DequeueCount, FirstLine(failure));
    }

    // Of an answer only status and code: its text may repeat what the request was signed with.
    private static string ReasonOf(Exception error) => error switch
    {
        RequestFailedException { Status: 401 or 403 } answer => $"no right to ({answer.Status} {answer.ErrorCode}). Give the identity the role 'Storage Queue Data Message Processor', or check the account key and the account's network rules.",
        RequestFailedException { Status: > 0 } answer => $"it answered {answer.Status} {answer.ErrorCode}.",
        _ => FirstLine(error),
    };

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd('\r');
}
