using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class RabbitMqWorkQueueTests(SharedBroker broker)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_is_taken_one_at_a_time_and_none_is_lost()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("work"));
        for (var id = 1; id <= 6; id++)
            await host.Bus.SendAsync("work", new Job(id), Cancellation);
        var taken = new List<int>();
        while (taken.Count < 6)
        {
            taken.Add((await TakeAsync(host, "work", Granted)).Id);
            await host.DepthAsync("work", "nobody listens while the work goes on", depth => depth.Consumers == 0);
        }
        Assert.Equal([1, 2, 3, 4, 5, 6], taken.Order());
        await host.DepthAsync("work", "nothing is left", depth => depth is { Ready: 0, DeadLetters: 0 });
    }

    [Fact]
    public async Task A_claim_that_is_not_answered_gives_the_message_back_and_it_is_claimed_again()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("unanswered"));
        await host.Bus.SendAsync("unanswered", new Job(1), Cancellation);
        var tries = 0;
        var job = await TakeAsync(host, "unanswered", (job, _) => ++tries < 3 ? throw new TimeoutException("no answer") : Task.FromResult<Job?>(job));
        Assert.Equal((1, 3), (job.Id, tries));
        await host.DepthAsync("unanswered", "nothing is left", depth => depth is { Ready: 0, DeadLetters: 0 });
    }

    [Fact]
    public async Task A_claim_may_go_unanswered_more_often_than_the_delivery_limit_allows()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("patient"));
        await host.Bus.SendAsync("patient", new Job(1), Cancellation);
        for (var round = 0; round < 23; round++)
            Assert.Null(await host.Work.TakeOneAsync<Job, Job>("patient", (_, _) => throw new TimeoutException("no answer"), Eventually.Patience, Cancellation));
        await host.DepthAsync("patient", "the message is still there", depth => depth is { Ready: 1, DeadLetters: 0 });
    }

    [Fact]
    public async Task One_taking_of_one_message_ends_with_nothing_where_none_comes()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("empty"));
        Assert.Null(await host.Work.TakeOneAsync<Job, Job>("empty", Granted, Short, Cancellation));
    }

    [Fact]
    public async Task One_taking_of_one_message_ends_with_its_lease_or_its_refusal()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("once"));
        await host.Bus.SendAsync("once", new Job(1), Cancellation);
        Assert.Null(await host.Work.TakeOneAsync<Job, Job>("once", (_, _) => Task.FromResult<Job?>(null), Eventually.Patience, Cancellation));
        await host.DepthAsync("once", "a refused doorbell is gone", depth => depth is { Ready: 0, DeadLetters: 0 });
        await host.Bus.SendAsync("once", new Job(2), Cancellation);
        Assert.Equal(2, (await host.Work.TakeOneAsync<Job, Job>("once", Granted, Eventually.Patience, Cancellation))?.Id);
    }

    [Fact]
    public async Task A_claim_under_way_when_the_time_is_over_is_waited_for()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("slow"));
        await host.Bus.SendAsync("slow", new Job(1), Cancellation);
        var (claimed, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var taking = host.Work.TakeOneAsync<Job, Job>("slow", async (job, _) =>
        {
            claimed.SetResult();
            await answer.Task;
            return job;
        }, Short, Cancellation);
        await claimed.Task.WaitAsync(Eventually.Patience, Cancellation);
        await Eventually.TrueAsync("the time is over", () => Task.FromResult(!host.Listens("slow")), Cancellation);
        answer.SetResult();
        Assert.Equal(1, (await taking)?.Id);
    }

    [Fact]
    public async Task A_message_given_back_keeps_the_rest_of_its_time()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("fading"));
        await host.Bus.SendAsync("fading", new Job(1), TimeSpan.FromSeconds(5), Cancellation);
        Assert.Null(await host.Work.TakeOneAsync<Job, Job>("fading", (_, _) => throw new TimeoutException("no answer"), Eventually.Patience, Cancellation));
        await host.DepthAsync("fading", "it expires", depth => depth is { Ready: 0, DeadLetters: 0 });
    }

    [Fact]
    public async Task A_message_whose_receiver_vanished_before_its_claim_was_answered_is_taken_by_another()
    {
        var own = await (await broker.StartedAsync()).Server.TakeVirtualHostAsync();
        var options = BusHost.Options(own);
        await using var first = await BusHost.StartAsync(options, bus => bus.Declare("work"));
        await first.Bus.SendAsync("work", new Job(1), Cancellation);
        var (claimed, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var stop = new CancellationTokenSource();
        var taking = first.Work.TakeAsync<Job, Job>("work", async (_, _) =>
        {
            claimed.TrySetResult();
            await never.Task;
            throw new InvalidOperationException("this receiver is gone");
        }, stop.Token);
        await claimed.Task.WaitAsync(Eventually.Patience, Cancellation);
        await own.CtlAsync("close_all_connections", "as if the process had died");

        await using var second = await BusHost.StartAsync(options, bus => bus.Declare("work"));
        Assert.Equal(1, (await TakeAsync(second, "work", Granted)).Id);
        await stop.CancelAsync();
        never.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.WaitAsync(Eventually.Patience, Cancellation));
    }

    private static Task<Job?> Granted(Job job, CancellationToken cancellation) => Task.FromResult<Job?>(job);

    private static Task<Job> TakeAsync(BusHost host, string queue, Func<Job, CancellationToken, Task<Job?>> claim) =>
        host.Work.TakeAsync(queue, claim, Cancellation).WaitAsync(Eventually.Patience, Cancellation);
}
