using VerSemi.Platform.Bus;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

/// <summary>With a broker of its own, because it goes away.</summary>
public sealed class RabbitMqRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_was_killed_and_came_back_is_found_again_with_everything_it_had()
    {
        await using var server = await RabbitMqServer.StartAsync(cancellation: Cancellation);
        var options = BusHost.Options(server.Root);
        options.SendWithin = TimeSpan.FromSeconds(1);
        await using var host = await BusHost.StartAsync(options, bus => bus.Declare("kept").Handle<Ping, PingHandler>("things").Answer<Ping, Pong, PongHandler>("desk"));
        await host.Bus.SendAsync("kept", new Ping(1), Cancellation);
        var taking = host.Work.TakeAsync<Job, Job>("jobs", (job, _) => Task.FromResult<Job?>(job), Cancellation);
        await host.HealthAsync("all is well", healthy: true);

        await server.KillAsync();
        await host.HealthAsync("the loss is noticed", healthy: false);
        await Assert.ThrowsAsync<TimeoutException>(() => host.Bus.SendAsync("kept", new Ping(2), Cancellation));
        await Assert.ThrowsAsync<TimeoutException>(() => host.Bus.AskAsync<Ping, Pong>("desk", new Ping(3), TimeSpan.FromSeconds(1), Cancellation));

        await server.StartAsync(Cancellation);
        await host.HealthAsync("the bus has recovered", healthy: true);
        await host.Bus.SendAsync("things", new Ping(4), Cancellation);
        Assert.Equal(4, host.Take());
        Assert.Equal(5, (await host.Bus.AskAsync<Ping, Pong>("desk", new Ping(5), Eventually.Patience, Cancellation)).Id);
        await host.Bus.SendAsync("jobs", new Job(6), Cancellation);
        Assert.Equal(6, (await taking.WaitAsync(Eventually.Patience, Cancellation)).Id);
        await host.DepthAsync("kept", "the message from before is there", depth => depth.Ready >= 1);
    }

    [Fact]
    public async Task A_process_that_starts_before_its_broker_waits_for_it()
    {
        await using var server = await RabbitMqServer.StartAsync(cancellation: Cancellation);
        await server.StopAsync();
        var starting = BusHost.StartAsync(BusHost.Options(server.Root), bus => bus.Handle<Ping, PingHandler>("patience"));
        await server.StartAsync(Cancellation);
        await using var host = await starting.WaitAsync(Eventually.Patience, Cancellation);
        await host.Bus.SendAsync("patience", new Ping(1), Cancellation);
        Assert.Equal(1, host.Take());
    }
}
