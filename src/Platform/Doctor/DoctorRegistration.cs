using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Platform.Doctor;

public static class DoctorRegistration
{
    /// <summary>The checks of what every service stands on; each service adds those of its own.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services, DoctorOptions? options = null) => services
        .AddSingleton(options ?? new DoctorOptions()).AddCheck<BrokerCheck>().AddCheck<BlobCheck>().AddCheck<DiskCheck>();

    /// <summary>What this service needs of the blob store.</summary>
    public static IServiceCollection NeedsBlobs(this IServiceCollection services, IEnumerable<string> reads, IEnumerable<string> writes)
    {
        foreach (var need in reads.Select(prefix => new BlobNeed(prefix, Writes: false)).Concat(writes.Select(prefix => new BlobNeed(prefix, Writes: true))))
            services.AddSingleton(need);
        return services;
    }

    /// <summary>A queue of another service that this one sends to.</summary>
    public static IServiceCollection SendsTo(this IServiceCollection services, string queue) => services.AddSingleton(new SentQueue(queue));
}
