using MassTransit;

namespace VerSemi.Platform.Bus;

/// <summary>What the services of a process put on the bus; collected before the bus is made, once.</summary>
public sealed class BusBuilder
{
    private readonly List<Action<IBusRegistrationConfigurator>> _registrations = [];
    private readonly Dictionary<string, QueueSetup> _queues = [];
    private readonly List<Func<Exception, bool>> _hopeless = [];

    public BusBuilder Handle<TMessage, THandler>(string queue, int concurrency = 1)
        where TMessage : class where THandler : class, IMessageHandler<TMessage> =>
        Consume<MessageConsumer<TMessage, THandler>>(queue, concurrency);

    public BusBuilder Answer<TRequest, TAnswer, THandler>(string queue, int concurrency = 1)
        where TRequest : class where TAnswer : class where THandler : class, IRequestHandler<TRequest, TAnswer> =>
        Consume<RequestConsumer<TRequest, TAnswer, THandler>>(queue, concurrency);

    /// <summary>For what needs the engine itself: sagas. Only the orchestrator's Workflow uses it.</summary>
    public BusBuilder Register(Action<IBusRegistrationConfigurator> registration)
    {
        _registrations.Add(registration);
        return this;
    }

    /// <summary>For what needs the engine itself: a saga's receive endpoint. Only the orchestrator's Workflow uses it.</summary>
    public BusBuilder Configure(string queue, int concurrency, Action<IRegistrationContext, IReceiveEndpointConfigurator> configure)
    {
        var setup = SetupOf(queue);
        setup.Concurrency = Math.Max(setup.Concurrency, concurrency);
        setup.Configure.Add(configure);
        return this;
    }

    /// <summary>A queue that this process only sends to, or takes work from: it is there from the start, whoever listens.</summary>
    public BusBuilder Declare(params IEnumerable<string> queues)
    {
        foreach (var queue in queues)
            SetupOf(queue);
        return this;
    }

    /// <summary>Which failures no second try would mend: they go straight to the dead letters. Asked about the innermost exception.</summary>
    public BusBuilder Hopeless(Func<Exception, bool> hopeless)
    {
        _hopeless.Add(hopeless);
        return this;
    }

    /// <summary>For a retry of one's own. Exceptions arrive wrapped.</summary>
    public bool IsHopeless(Exception exception) => _hopeless.Any(hopeless => hopeless(exception.GetBaseException()));

    private BusBuilder Consume<TConsumer>(string queue, int concurrency) where TConsumer : class, IConsumer
    {
        _registrations.Add(x => x.AddConsumer<TConsumer>());
        // The retry belongs to the consumer: on the endpoint it would multiply with each consumer of the queue.
        return Configure(queue, concurrency, (context, endpoint) => endpoint.ConfigureConsumer<TConsumer>(
            context,
            consumer => consumer.UseMessageRetry(retry =>
            {
                // Its intervals vary by a fifth, so that what failed together does not come again together.
                retry.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
                retry.Ignore<Exception>(IsHopeless);
            })));
    }

    internal IEnumerable<Action<IBusRegistrationConfigurator>> Registrations => _registrations;
    internal IEnumerable<KeyValuePair<string, QueueSetup>> Queues => _queues;

    private QueueSetup SetupOf(string queue)
    {
        if (!_queues.TryGetValue(queue, out var setup))
            _queues[queue] = setup = new QueueSetup();
        return setup;
    }

    internal sealed class QueueSetup
    {
        public bool IsHeard => Configure.Count > 0;
        public int Concurrency { get; set; } = 1;
        public List<Action<IRegistrationContext, IReceiveEndpointConfigurator>> Configure { get; } = [];
    }
}

internal sealed class MessageConsumer<TMessage, THandler>(THandler handler) : IConsumer<TMessage>
    where TMessage : class where THandler : class, IMessageHandler<TMessage>
{
    public Task Consume(ConsumeContext<TMessage> context) => handler.HandleAsync(context.Message, context.CancellationToken);
}

internal sealed class RequestConsumer<TRequest, TAnswer, THandler>(THandler handler) : IConsumer<TRequest>
    where TRequest : class where TAnswer : class where THandler : class, IRequestHandler<TRequest, TAnswer>
{
    public async Task Consume(ConsumeContext<TRequest> context) =>
        await context.RespondAsync(await handler.HandleAsync(context.Message, context.CancellationToken));
}
