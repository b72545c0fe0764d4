using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>The orchestrator's services on a folder, with nothing of it started.</summary>
internal static class Offline
{
    public static ServiceProvider Services(TempFolder folder)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IBlobStore>(new FolderBlobStore(folder["data"]));
        services.AddMessageBus(bus => bus.AddOrchestrator());
        services.AddOrchestrator(options => options.Database.File = folder["versemi.db"]);
        return services.BuildServiceProvider();
    }
}
