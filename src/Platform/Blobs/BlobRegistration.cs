using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.Platform.Startup;

namespace VerSemi.Platform.Blobs;

public static class BlobRegistration
{
    /// <summary>The process's blob store, and a health check "blobs" with the tag "ready".</summary>
    /// <exception cref="OptionsValidationException">With every fault of the options.</exception>
    public static IServiceCollection AddBlobStore(this IServiceCollection services, BlobOptions options)
    {
        if (options.Errors() is { Count: > 0 } errors)
            throw new OptionsValidationException(BlobOptions.Section, typeof(BlobOptions), errors);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IBlobStore>(provider => options.Store == BlobOptions.FolderStore
            ? new FolderBlobStore(options.Folder)
            : new AzureBlobStore(options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<AzureBlobStore>>()));
        services.AddHealthChecks().AddCheck<BlobStoreHealth>("blobs", tags: ["ready"]);
        return services.AddSingleton(options).AddStartRequirement<BlobStoreRequirement>();
    }
}
