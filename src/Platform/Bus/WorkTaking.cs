using MassTransit;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Bus;

/// <summary>One taking from a work queue: messages come one by one until it has ended; what comes after goes back.</summary>
internal sealed partial class WorkTaking<TMessage, TLease>(
    string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, bool once, IMessageBus bus, TimeProvider time, ILogger logger)
    : IDisposable where TMessage : class where TLease : class
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _ended = new();

    public TLease? Lease { get; private set; }

    /// <summary>Returns when a message has ended the taking, the time is over, or it is cancelled.</summary>
    public async Task EndAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, cancellation);
        await Task.Delay(atMost, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync();
    }

    public async Task HandleAsync(ConsumeContext<TMessage> context)
    {
        if (_ended.IsCancellationRequested)
        {
            await HandBackAsync(context);
            return;
        }
        try
        {
            Lease = await claim(context.Message, context.CancellationToken);
        }
        catch (Exception e)
        {
            LogUnanswered(e, typeof(TMessage).Name, queue);
            await PauseAsync();
            await HandBackAsync(context);
        }
        if (Lease is not null || once)
            await _ended.CancelAsync();
    }

    /// <summary>As a new message: one that the broker gives back counts towards the delivery limit.</summary>
    private async Task HandBackAsync(ConsumeContext<TMessage> context)
    {
        var left = context.ExpirationTime - time.GetUtcNow().UtcDateTime;
        if (left is null || left > TimeSpan.Zero)
            await bus.SendAsync(queue, context.Message, left, CancellationToken.None);
    }

    /// <summary>So that a message whose claim nobody answers does not go round and round; one that is to end anyway need not wait.</summary>
    private async Task PauseAsync()
    {
        if (!once)
            await Task.Delay(Pause, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _ended.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on {Message} of '{Queue}' was not answered; the message goes back.")]
    private partial void LogUnanswered(Exception e, string message, string queue);
}
