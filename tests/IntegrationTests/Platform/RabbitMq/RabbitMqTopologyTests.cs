using VerSemi.Platform.Bus;
using VerSemi.Platform.Startup;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class RabbitMqTopologyTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_queue_and_its_dead_letters_are_quorum_queues_before_anyone_listens()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("seen"));
        var queues = await (await broker.StartedAsync()).CtlAsync("list_queues", "name", "type");
        Assert.Contains("seen\tquorum", queues, StringComparison.Ordinal);
        Assert.Contains("seen_error\tquorum", queues, StringComparison.Ordinal);
        await host.HealthAsync("a queue that is only sent to needs no consumer", healthy: true);
    }

    [Fact]
    public async Task A_doorbell_that_expired_is_gone_and_what_the_broker_gave_up_on_is_a_dead_letter()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("bells"));
        await host.Bus.SendAsync("bells", new Ping(1), TimeSpan.FromMilliseconds(200), Cancellation);
        await host.DepthAsync("bells", "the doorbell has expired", depth => depth.Ready == 0);

        await host.Bus.SendAsync("bells", new Ping(2), TimeSpan.FromMinutes(10), Cancellation);
        await host.OnChannelAsync(async channel =>
        {
            var deliveries = 0;
            while (await channel.BasicGetAsync("bells", autoAck: false, Cancellation) is { } message)
            {
                deliveries++;
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, Cancellation);
            }
            Assert.Equal(21, deliveries);
            return true;
        });

        await host.DepthAsync("bells", "there is a dead letter", depth => depth.DeadLetters > 0);
        Assert.Equal(1, (await host.DepthAsync("bells")).DeadLetters);
        Assert.Equal("delivery_limit", (await host.DeadLetterAsync("bells"))["x-first-death-reason"]);
    }

    [Fact]
    public async Task A_queue_of_another_shape_ends_the_start_and_says_what_to_do()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("shaped"));
        var other = BusHost.Options(await broker.StartedAsync());
        other.DeliveryLimit = 25;
        var error = await Assert.ThrowsAsync<StartFailedException>(() => BusHost.StartAsync(other, bus => bus.Declare("shaped")));
        Assert.Contains("'shaped'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Bus:DeliveryLimit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Depths_count_what_waits_who_listens_and_what_is_dead()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("waiting").Handle<Ping, PingHandler>("listened").Hopeless(_ => true));
        host.Heard.Failures = 1;
        await host.Bus.SendAsync("listened", new Ping(1), Cancellation);
        await host.Bus.SendAsync("waiting", new Ping(2), Cancellation);
        await host.Bus.SendAsync("waiting", new Ping(3), Cancellation);
        await host.DepthAsync("listened", "one consumer, one dead letter", depth => depth is { Ready: 0, Consumers: 1, DeadLetters: 1 });
        await host.DepthAsync("waiting", "two wait", depth => depth is { Ready: 2, Consumers: 0, DeadLetters: 0 });
    }
}
