using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Platform.Bus.RabbitMq;

namespace VerSemi.Platform.Bus;

public static class BusRegistration
{
    /// <summary>The bus of a process that is alone: in memory.</summary>
    public static IServiceCollection AddMessageBus(this IServiceCollection services, Action<BusBuilder> build) => services.AddMessageBus(new BusOptions(), build);

    /// <summary>The bus of this process, wired once. Handlers are resolved from a scope of their own for each message.</summary>
    public static IServiceCollection AddMessageBus(this IServiceCollection services, BusOptions options, Action<BusBuilder> build)
    {
        var builder = new BusBuilder();
        build(builder);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options).AddSingleton(builder).AddSingleton<QueueEndpoints>().AddSingleton<Hearing>();
        services.AddOptions<BusOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<BusOptions>>(new Validator(options));
        if (options.IsRabbitMq)
            services.AddRabbitMqTopology();
        services.AddEngine(builder, options);
        services.AddSingleton<IMessageBus, MassTransitBus>();
        services.AddSingleton<WorkQueue>().AddSingleton<IWorkQueue>(provider => provider.GetRequiredService<WorkQueue>());
        return options.IsRabbitMq ? services.AddRabbitMqHealth() : services.AddSingleton<IBusHealth, MemoryHealth>().AddSingleton<IQueueDepths, MemoryDepths>();
    }

    private static void AddEngine(this IServiceCollection services, BusBuilder builder, BusOptions options)
    {
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            foreach (var registration in builder.Registrations)
                registration(x);
            if (options.IsRabbitMq)
                x.UsingRabbitMq((context, bus) =>
                {
                    RabbitMqRegistration.Configure(bus, options);
                    bus.ConnectReceiveObserver(context.GetRequiredService<Hearing>());
                    Configure(builder, context, bus);
                });
            else
                x.UsingInMemory((context, bus) => Configure(builder, context, bus));
        });
        // The bus runs before anything that starts after it, and an order to stop does not wait for long work.
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
    }

    private static void Configure(BusBuilder builder, IBusRegistrationContext context, IBusFactoryConfigurator bus)
    {
        // A mean of nothing is NaN, and a message must be able to say so.
        bus.ConfigureJsonSerializerOptions(json =>
        {
            json.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals;
            return json;
        });
        var endpoints = context.GetRequiredService<QueueEndpoints>();
        foreach (var (queue, setup) in builder.Queues.Where(queue => queue.Value.IsHeard))
            bus.ReceiveEndpoint(queue, endpoint =>
            {
                endpoints.Configure(queue, endpoint, setup.Concurrency);
                foreach (var configure in setup.Configure)
                    configure(context, endpoint);
            });
    }

    private sealed class Validator(BusOptions bus) : IValidateOptions<BusOptions>
    {
        public ValidateOptionsResult Validate(string? name, BusOptions options) =>
            bus.Errors().ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
