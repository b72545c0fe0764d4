using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Platform.Startup;

namespace VerSemi.Platform.Bus.RabbitMq;

internal static class RabbitMqRegistration
{
    public static IServiceCollection AddRabbitMqTopology(this IServiceCollection services) => services
        .AddSingleton<RabbitMqConnection>().AddSingleton<RabbitMqTopology>().AddStartRequirement<BrokerRequirement>();

    public static IServiceCollection AddRabbitMqHealth(this IServiceCollection services) => services
        .AddSingleton<RabbitMqHealth>()
        .AddSingleton<IBusHealth>(provider => provider.GetRequiredService<RabbitMqHealth>())
        .AddHostedService(provider => provider.GetRequiredService<RabbitMqHealth>())
        .AddSingleton<IQueueDepths, RabbitMqDepths>();

    public static void Configure(IRabbitMqBusFactoryConfigurator bus, BusOptions options)
    {
        bus.Host(options.Host, (ushort)options.PortOrDefault, options.VirtualHost, options.Service, host => Connect(host, options));
        bus.OverrideDefaultBusEndpointQueueName($"reply-{options.Service}-{Guid.NewGuid():N}");
        // Newer brokers refuse queues that are neither durable nor exclusive. It goes with its consumer all the same.
        bus.Durable = true;
        // Otherwise the first request starts its reply queue, and blocks its thread until a broker that is away comes back.
        bus.AutoStart = true;
        bus.SendTopology.DeadLetterQueueNameFormatter = new SkippedToErrors();
        bus.SendTopology.ConfigureErrorSettings = Plain;
        bus.SendTopology.ConfigureDeadLetterSettings = Plain;
    }

    private static void Connect(IRabbitMqHostConfigurator host, BusOptions options)
    {
        host.Username(options.User);
        host.Password(options.Password);
        host.PublisherConfirmation = true;
        host.Heartbeat(RabbitMqFactory.Heartbeat);
        // The engine's own TLS settings accept any authority.
        if (options.UseTls)
            host.UseSsl(_ => { });
        host.OnRefreshConnectionFactory = factory =>
        {
            RabbitMqFactory.Secure(factory, options);
            return Task.CompletedTask;
        };
    }

    /// <summary>The engine gives a dead-letter queue the arguments of its queue: a dead letter that has a delivery limit would be lost.</summary>
    private static void Plain(IRabbitMqQueueBindingConfigurator queue)
    {
        queue.SetQueueArgument("x-delivery-limit", null!);
        queue.SetQueueArgument("x-dead-letter-exchange", null!);
    }

    /// <summary>What no handler of the queue knows goes to its dead letters too, and not to a queue of its own.</summary>
    private sealed class SkippedToErrors : IDeadLetterQueueNameFormatter
    {
        public string FormatDeadLetterQueueName(string queueName) => QueueTopology.Errors(queueName);
    }
}
