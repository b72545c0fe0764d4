using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace VerSemi.Platform.Startup;

public static class StartRegistration
{
    /// <summary>Nothing of the process starts before this is met.</summary>
    public static IServiceCollection AddStartRequirement<TRequirement>(this IServiceCollection services) where TRequirement : class, IStartRequirement
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartRequirement, TRequirement>());
        return services.AddStartRequirements();
    }

    /// <summary>Once a process, whoever has requirements. Options that are registered before have precedence.</summary>
    public static IServiceCollection AddStartRequirements(this IServiceCollection services)
    {
        services.TryAddSingleton(new StartOptions());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StartRequirements>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartRequirements>(provider => provider.GetRequiredService<StartRequirements>()));
        return services;
    }
}
