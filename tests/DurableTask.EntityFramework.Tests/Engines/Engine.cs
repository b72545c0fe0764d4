using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DurableTask.EntityFramework.Tests.Engines;

/// <summary>A store, with a worker and a client in this process.</summary>
public abstract class Engine : IAsyncLifetime
{
    private IHost? _host;

    /// <summary>As <see cref="TestHost.Build"/> takes it.</summary>
    public string Store { get; private set; } = "";
    public IServiceProvider Services => _host!.Services;
    public DurableTaskClient Client => Services.GetRequiredService<DurableTaskClient>();

    public async ValueTask InitializeAsync()
    {
        Store = await CreateStoreAsync();
        _host = TestHost.Build(Store, options =>
        {
            options.MaxAttempts = 3;
            options.FirstRetryPause = TimeSpan.FromMilliseconds(20);
            options.PollInterval = TimeSpan.FromMilliseconds(100);
        });
        await _host.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.StopAsync();
        _host?.Dispose();
        GC.SuppressFinalize(this);
    }

    public abstract Task<string> CreateStoreAsync();
}
