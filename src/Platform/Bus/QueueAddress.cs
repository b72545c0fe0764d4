namespace VerSemi.Platform.Bus;

/// <summary>
/// Where a queue is sent to: the exchange of its name, and not "queue:", which on RabbitMQ would declare the queue, as a
/// classic one. In memory, what is sent before anyone ever listened is lost; the database rings again.
/// </summary>
public static class QueueAddress
{
    public static Uri Of(string queue) => new($"exchange:{queue}");
}
