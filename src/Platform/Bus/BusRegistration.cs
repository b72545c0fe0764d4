using System.Text.Json.Serialization;
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
            x.UsingInMemory((context, bus) =>
            {
                // A mean of nothing is NaN, and a message must be able to say so.
                bus.ConfigureJsonSerializerOptions(json =>
                {
                    json.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals;
                    return json;
                });
                ConfigureQueues(builder, context, bus);
            });
        });
        // The bus runs before anything that starts after it, and an order to stop does not wait for long work.
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(10);
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
