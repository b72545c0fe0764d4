using VerSemi.Platform.Bus;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class RabbitMqHealthTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_deleted_behind_our_back_is_noticed_and_heard_again()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("deleted"));
        await host.HealthAsync("the bus is healthy", healthy: true);
        var deletion = (await broker.StartedAsync()).CtlAsync("delete_queue", "deleted");
        await host.HealthAsync("the loss is noticed", healthy: false);
        await deletion;
        await host.HealthAsync("the queue is heard again", healthy: true);
        await RingAsync(host, "deleted", new Ping(1), () => host.Heard.Ids.Count > 0);
        Assert.Equal(1, host.Take());
    }

    [Fact]
    public async Task What_listens_again_does_so_on_another_channel_since_the_broker_may_be_deaf_on_the_old_one()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("renewed"));
        await host.HealthAsync("the bus is healthy", healthy: true);
        var before = await ChannelAsync("renewed");
        await (await broker.StartedAsync()).CtlAsync("delete_queue", "renewed");
        await TestKit.Eventually.TrueAsync("somebody listens again", async () => await ChannelAsync("renewed") is { Length: > 0 } now && now != before, Cancellation);
    }

    [Fact]
    public async Task A_queue_that_is_only_sent_to_comes_back_too_and_so_do_dead_letters()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("restored"));
        foreach (var queue in new[] { "restored", "restored_error" })
        {
            await host.OnChannelAsync(channel => channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: Cancellation));
            await host.OnChannelAsync(async channel =>
            {
                await TestKit.Eventually.TrueAsync($"'{queue}' is back", async () => await ExistsAsync(host, queue), Cancellation);
                return true;
            });
        }
        await host.Bus.SendAsync("restored", new Ping(1), Cancellation);
        await host.DepthAsync("restored", "the message waits", depth => depth.Ready == 1);
    }

    [Fact]
    public async Task A_work_queue_is_healthy_while_it_is_listened_to_and_while_its_work_goes_on()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("shift"));
        var taking = host.Work.TakeAsync<Job, Job>("shift", (job, _) => Task.FromResult<Job?>(job), Cancellation);
        await host.DepthAsync("shift", "somebody listens", depth => depth.Consumers == 1);
        await host.HealthAsync("healthy while listening", healthy: true);

        var deletion = (await broker.StartedAsync()).CtlAsync("delete_queue", "shift");
        await host.HealthAsync("the loss is noticed", healthy: false);
        await deletion;
        await host.HealthAsync("it is listened to again", healthy: true);

        await RingAsync(host, "shift", new Job(1), () => taking.IsCompleted);
        Assert.Equal(1, (await taking).Id);
        await host.DepthAsync("shift", "nobody listens while the work goes on", depth => depth.Consumers == 0);
        await host.HealthAsync("healthy while working", healthy: true);
    }

    [Fact]
    public async Task A_message_that_finds_no_queue_waits_for_one_and_is_not_dropped()
    {
        await using var sender = await BusHost.StartAsync(broker, _ => { });
        var sending = sender.Bus.SendAsync("unbound", new Ping(7), Cancellation);
        await using var listener = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("unbound"));
        await sending;
        Assert.Equal(7, listener.Take());
    }

    /// <summary>What a quorum queue takes while it is being deleted goes with it, confirmed or not: as the sweep does, it is rung again.</summary>
    private static Task RingAsync<T>(BusHost host, string queue, T message, Func<bool> heard) where T : class =>
        TestKit.Eventually.TrueAsync("a message is taken", async () =>
        {
            await host.Bus.SendAsync(queue, message, Cancellation);
            return await TestKit.Eventually.IsSoonTrueAsync(heard, Cancellation);
        }, Cancellation);

    /// <summary>The broker's name of the channel that listens to a queue; empty where none does.</summary>
    private async Task<string> ChannelAsync(string queue) =>
        (await (await broker.StartedAsync()).CtlAsync("list_consumers", "queue_name", "channel_pid"))
            .Split('\n').Select(line => line.Split('\t')).FirstOrDefault(columns => columns[0] == queue)?[1] ?? "";

    private static Task<bool> ExistsAsync(BusHost host, string queue) => host.OnChannelAsync(async channel =>
    {
        try
        {
            return await channel.MessageCountAsync(queue, Cancellation) >= 0;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    });
}
