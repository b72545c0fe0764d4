using VerSemi.TestKit.Servers;

[assembly: AssemblyFixture(typeof(VerSemi.IntegrationTests.Platform.RabbitMq.SharedBroker))]

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

/// <summary>One broker for all tests that do not stop it; started by the first that asks. Tests keep apart by queue names.</summary>
public sealed class SharedBroker : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitMqServer>> _server = new(() => RabbitMqServer.StartAsync());

    public Task<RabbitMqServer> StartedAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _server.Value).DisposeAsync();
    }
}
