namespace VerSemi.Platform.Bus;

/// <summary>
/// Sends and asks. Queues are named; a message carries ids, URIs and hashes, never bulk data. Nothing here is a promise
/// of delivery: the database is the truth, a message is a doorbell.
/// </summary>
public interface IMessageBus
{
    /// <summary>Returns when the broker has the message. <see cref="TimeoutException"/> where it cannot be reached for long.</summary>
    /// <param name="timeToLive">After which a message nobody took is gone, and no dead letter. Not kept in memory.</param>
    Task SendAsync<T>(string queue, T message, TimeSpan? timeToLive = null, CancellationToken cancellation = default) where T : class;

    /// <summary>Sends a request to a queue and waits for its answer. <see cref="TimeoutException"/> where none came in time.</summary>
    Task<TAnswer> AskAsync<TRequest, TAnswer>(string queue, TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
        where TRequest : class where TAnswer : class;
}

public static class MessageBusSending
{
    public static Task SendAsync<T>(this IMessageBus bus, string queue, T message, CancellationToken cancellation) where T : class =>
        bus.SendAsync(queue, message, null, cancellation);
}

/// <summary>Takes messages of one kind from a queue. Idempotent: a message may come twice, late or never.</summary>
public interface IMessageHandler<in TMessage> where TMessage : class
{
    Task HandleAsync(TMessage message, CancellationToken cancellation);
}

/// <summary>Answers requests of one kind.</summary>
public interface IRequestHandler<in TRequest, TAnswer> where TRequest : class where TAnswer : class
{
    Task<TAnswer> HandleAsync(TRequest request, CancellationToken cancellation);
}

/// <summary>
/// A queue whose messages are long work. A message is only a doorbell: it is acknowledged as soon as
/// <c>claim</c> has answered, and the queue is not listened to while the work that was claimed goes on.
/// A message whose claim throws goes back to its queue.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Listens until a claim gives a lease (not null), stops listening and returns it.</summary>
    Task<TLease> TakeAsync<TMessage, TLease>(string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, CancellationToken cancellation)
        where TMessage : class where TLease : class;

    /// <summary>
    /// Takes one message. Null where none came within <paramref name="atMost"/>, or its claim gave no lease or threw.
    /// A claim that is under way when the time is over is waited for.
    /// </summary>
    Task<TLease?> TakeOneAsync<TMessage, TLease>(string queue, Func<TMessage, CancellationToken, Task<TLease?>> claim, TimeSpan atMost, CancellationToken cancellation)
        where TMessage : class where TLease : class;
}
