using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Platform.Doctor;

namespace VerSemi.Platform.Hints;

public static class HintRegistration
{
    /// <summary>Reads the queue that the options name, if they name one.</summary>
    /// <exception cref="OptionsValidationException">With every fault of the options.</exception>
    public static IServiceCollection AddHintQueue<THandler>(this IServiceCollection services, HintQueueOptions options) where THandler : class, IHintHandler
    {
        if (options.Errors() is { Count: > 0 } errors)
            throw new OptionsValidationException(HintQueueOptions.Section, typeof(HintQueueOptions), errors);
        if (options.QueueName.Length == 0)
            return services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<THandler>();
        services.AddSingleton<ICheck>(new HintQueueCheck(options));
        return services.AddHostedService(provider => new HintQueueReader(
            options, provider.GetRequiredService<THandler>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HintQueueReader>>()));
    }
}
