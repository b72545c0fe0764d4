using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform;

public sealed record Ping(int Id);

public sealed record Pong(int Id, double Value);

public sealed record Other(int Id);

public sealed record Job(int Id);

public sealed class Heard
{
    public BlockingCollection<int> Ids { get; } = [];
    public int Failures { get; set; }
    public int Tries { get; set; }
    public string? Trace { get; set; }
}

internal sealed class PingHandler(Heard heard) : IMessageHandler<Ping>
{
    public Task HandleAsync(Ping message, CancellationToken cancellation)
    {
        if (++heard.Tries <= heard.Failures)
            throw new InvalidOperationException("not yet");
        heard.Ids.Add(message.Id, cancellation);
        return Task.CompletedTask;
    }
}

internal sealed class OtherHandler(Heard heard) : IMessageHandler<Other>
{
    public Task HandleAsync(Other message, CancellationToken cancellation)
    {
        heard.Ids.Add(-message.Id, cancellation);
        return Task.CompletedTask;
    }
}

internal sealed class PongHandler : IRequestHandler<Ping, Pong>
{
    public Task<Pong> HandleAsync(Ping request, CancellationToken cancellation) => Task.FromResult(new Pong(request.Id, double.NaN));
}

public sealed class BusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_reaches_the_handler_of_its_queue()
    {
        using var host = await StartAsync(bus => bus.Handle<Ping, PingHandler>("things").Handle<Other, OtherHandler>("things"));
        var bus = host.Services.GetRequiredService<IMessageBus>();
        await bus.SendAsync("things", new Ping(1), Cancellation);
        Assert.Equal(1, Take(host));
        await bus.SendAsync("things", new Other(2), Cancellation);
        Assert.Equal(-2, Take(host));
    }

    [Fact]
    public async Task A_request_is_answered_and_may_carry_NaN()
    {
        using var host = await StartAsync(bus => bus.Answer<Ping, Pong, PongHandler>("asked"));
        var pong = await host.Services.GetRequiredService<IMessageBus>().AskAsync<Ping, Pong>("asked", new Ping(3), Eventually.Patience, Cancellation);
        Assert.Equal(3, pong.Id);
        Assert.True(double.IsNaN(pong.Value));
    }

    [Fact]
    public async Task A_request_nobody_answers_times_out_and_names_the_queue()
    {
        using var host = await StartAsync(_ => { });
        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            host.Services.GetRequiredService<IMessageBus>().AskAsync<Ping, Pong>("nobody", new Ping(1), TimeSpan.FromMilliseconds(200), Cancellation));
        Assert.Contains("nobody", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_fails_is_tried_again_a_few_times_and_not_more_because_it_shares_its_queue()
    {
        using var host = await StartAsync(bus => bus.Handle<Ping, PingHandler>("flaky").Handle<Other, OtherHandler>("flaky").Answer<Job, Pong, JobHandler>("flaky"));
        var heard = host.Services.GetRequiredService<Heard>();
        heard.Failures = 2;
        await host.Services.GetRequiredService<IMessageBus>().SendAsync("flaky", new Ping(5), Cancellation);
        Assert.Equal(5, Take(host));
        Assert.Equal(3, heard.Tries);
    }

    // In memory a doorbell that meets an endpoint on its way down may be lost: whoever waits for it rings again.
    [Fact]
    public async Task Work_is_taken_one_at_a_time_and_all_of_it_where_it_is_rung_for_again()
    {
        using var host = await StartAsync(_ => { });
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        late.CancelAfter(Eventually.Patience);
        var (bus, queue) = (host.Services.GetRequiredService<IMessageBus>(), host.Services.GetRequiredService<IWorkQueue>());
        var waiting = new SortedSet<int> { 1, 2, 3, 4, 5 };
        while (waiting.Count > 0)
        {
            var taking = queue.TakeAsync<Job, Job>("work", (job, _) => Task.FromResult(waiting.Contains(job.Id) ? job : null), late.Token);
            await Eventually.TrueAsync("work is taken", async () =>
            {
                foreach (var id in waiting)
                    await bus.SendAsync("work", new Job(id), late.Token);
                return await Eventually.IsSoonTrueAsync(() => taking.IsCompleted, Cancellation);
            }, Cancellation);
            Assert.True(waiting.Remove((await taking).Id));
        }
    }

    [Fact]
    public async Task A_claim_that_is_refused_or_throws_does_not_end_the_taking()
    {
        using var host = await StartAsync(_ => { });
        var (bus, queue) = (host.Services.GetRequiredService<IMessageBus>(), host.Services.GetRequiredService<IWorkQueue>());
        var taking = queue.TakeAsync<Job, Job>("work", (job, _) => job.Id switch
        {
            1 => Task.FromResult<Job?>(null),
            2 => throw new InvalidOperationException("the claim was not answered"),
            _ => Task.FromResult<Job?>(job),
        }, Cancellation);
        await Eventually.TrueAsync("the third is taken", async () =>
        {
            for (var id = 1; id <= 3; id++)
                await bus.SendAsync("work", new Job(id), Cancellation);
            return await Eventually.IsSoonTrueAsync(() => taking.IsCompleted, Cancellation);
        }, Cancellation);
        Assert.Equal(3, (await taking.WaitAsync(Eventually.Patience, Cancellation)).Id);
    }

    [Fact]
    public async Task Taking_ends_at_once_when_it_is_cancelled_and_the_host_stops_soon()
    {
        using var host = await StartAsync(_ => { });
        using var stop = new CancellationTokenSource();
        var taking = host.Services.GetRequiredService<IWorkQueue>().TakeAsync<Job, Job>("work", (job, _) => Task.FromResult<Job?>(job), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.WaitAsync(Eventually.Patience, Cancellation));
        var clock = Stopwatch.StartNew();
        await host.StopAsync(Cancellation);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"stopping took {clock.Elapsed}");
    }

    private static int Take(IHost host)
    {
        Assert.True(host.Services.GetRequiredService<Heard>().Ids.TryTake(out var id, Eventually.Patience), "no message came");
        return id;
    }

    private static async Task<IHost> StartAsync(Action<BusBuilder> build)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        builder.Services.AddSingleton<Heard>().AddScoped<PingHandler>().AddScoped<OtherHandler>().AddScoped<PongHandler>().AddScoped<JobHandler>();
        builder.Services.AddMessageBus(build);
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}

internal sealed class JobHandler : IRequestHandler<Job, Pong>
{
    public Task<Pong> HandleAsync(Job request, CancellationToken cancellation) => Task.FromResult(new Pong(request.Id, 0));
}
