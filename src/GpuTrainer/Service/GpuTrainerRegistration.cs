using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VerSemi.Platform.Bus;

namespace VerSemi.GpuTrainer.Service;

public static class GpuTrainerRegistration
{
    /// <summary>The worker that takes runs from the training queue. Needs an IBlobStore and <see cref="BusRegistration.AddMessageBus"/> beside it.</summary>
    public static IServiceCollection AddGpuTrainer(this IServiceCollection services, Action<GpuTrainerOptions>? configure = null)
    {
        services.AddOptions<GpuTrainerOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GpuTrainerOptions>, Validator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RunWork>();
        services.AddHostedService<TrainingWorker>();
        return services;
    }

    private sealed class Validator : IValidateOptions<GpuTrainerOptions>
    {
        public ValidateOptionsResult Validate(string? name, GpuTrainerOptions options) =>
            options.Errors().ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
