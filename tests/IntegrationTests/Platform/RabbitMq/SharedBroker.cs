using VerSemi.TestKit.Servers;

[assembly: AssemblyFixture(typeof(VerSemi.IntegrationTests.Platform.RabbitMq.SharedBroker))]

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

/// <summary>One virtual host for all tests that do not stop their broker. Tests keep apart by queue names.</summary>
public sealed class SharedBroker
{
    private readonly Lazy<Task<RabbitMqVirtualHost>> _host = new(async () => await (await SharedServers.RabbitMqAsync()).TakeVirtualHostAsync());

    public Task<RabbitMqVirtualHost> StartedAsync() => _host.Value;
}
