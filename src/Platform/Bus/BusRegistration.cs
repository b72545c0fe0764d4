using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Platform.Bus;

public static class BusRegistration
{
    /// <summary>The bus of this process, wired once. Handlers are resolved from a scope of their own for each message.</summary>
    public static IServiceCollection AddMessageBus(this IServiceCollection services, Action<BusBuilder> build)
    {
        var builder = new BusBuilder();
        build(builder);
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            foreach (var registration in builder.Registrations)
                registration(x);
            x.UsingInMemory((context, bus) => ConfigureQueues(builder, context, bus));
        });
        services.AddSingleton<IMessageBus, MassTransitBus>();
        services.AddSingleton<IWorkQueue, WorkQueue>();
        return services;
    }

    private static void ConfigureQueues(BusBuilder builder, IBusRegistrationContext context, IBusFactoryConfigurator bus)
    {
        foreach (var (queue, setup) in builder.Queues)
            bus.ReceiveEndpoint(queue, endpoint =>
            {
                endpoint.PrefetchCount = setup.Concurrency;
                endpoint.ConcurrentMessageLimit = setup.Concurrency;
                foreach (var configure in setup.Configure)
                    configure(context, endpoint);
            });
    }
}
