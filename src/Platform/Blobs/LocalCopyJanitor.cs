using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Blobs;

/// <summary>Names blobs that were erased for good.</summary>
public delegate Task<IReadOnlySet<string>> ErasedBlobs(IBlobStore store, CancellationToken cancellation);

/// <summary>
/// At start and every minute: removes this machine's copies of erased blobs, whichever process erased them. A blob that
/// is there again under the same name keeps its copy.
/// </summary>
internal sealed class LocalCopyJanitor(IBlobStore store, ErasedBlobs erased, TimeProvider time, ILogger<LocalCopyJanitor> log) : BackgroundService
{
    /// <summary>One look.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellation)
    {
        var (named, held) = (await erased(store, cancellation), new HashSet<string>());
        await store.PurgeLocalCopiesAsync(path => named.Contains(path) && held.Add(path) && false, cancellation);
        foreach (var path in held.ToList())
            if (await store.FindAsync(path, cancellation) is not null)
                held.Remove(path);
        return held.Count == 0 ? 0 : await store.PurgeLocalCopiesAsync(held.Contains, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
            try
            {
                if (await PurgeAsync(stoppingToken) is > 0 and var removed)
                    log.LogInformation("{Removed} local copies of erased blobs were removed.", removed);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Local copies of erased blobs could not be removed, the next minute tries again: {Reason}", e.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

public static class LocalCopyJanitorRegistration
{
    /// <summary>Once a process, however many of its services ask for it.</summary>
    public static IServiceCollection AddLocalCopyJanitor(this IServiceCollection services, ErasedBlobs erased)
    {
        services.TryAddSingleton(erased);
        services.TryAddSingleton<LocalCopyJanitor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LocalCopyJanitor>(provider => provider.GetRequiredService<LocalCopyJanitor>()));
        return services;
    }
}
