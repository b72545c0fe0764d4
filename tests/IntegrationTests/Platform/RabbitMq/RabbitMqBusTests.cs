using System.Diagnostics;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Startup;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class RabbitMqBusTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_reaches_its_handler_in_another_process_even_where_it_was_sent_before_anyone_listened()
    {
        await using var sender = await BusHost.StartAsync(broker, bus => bus.Declare("early"));
        await sender.Bus.SendAsync("early", new Ping(1), Cancellation);
        await using var receiver = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("early"));
        Assert.Equal(1, receiver.Take());
    }

    [Fact]
    public async Task A_request_to_another_process_is_answered()
    {
        await using var desk = await BusHost.StartAsync(broker, bus => bus.Answer<Ping, Pong, PongHandler>("desk"));
        await using var asker = await BusHost.StartAsync(broker, _ => { });
        var pong = await asker.Bus.AskAsync<Ping, Pong>("desk", new Ping(3), Eventually.Patience, Cancellation);
        Assert.Equal(3, pong.Id);
        Assert.True(double.IsNaN(pong.Value));
    }

    [Fact]
    public async Task A_request_nobody_answers_times_out_and_is_no_dead_letter_once_it_expired()
    {
        await using var asker = await BusHost.StartAsync(broker, bus => bus.Declare("silent"));
        await Assert.ThrowsAsync<TimeoutException>(() => asker.Bus.AskAsync<Ping, Pong>("silent", new Ping(1), TimeSpan.FromMilliseconds(300), Cancellation));
        await asker.DepthAsync("silent", "the request is gone", depth => depth is { Ready: 0, DeadLetters: 0 });
    }

    [Fact]
    public async Task A_failure_that_passes_is_tried_again_and_leaves_no_dead_letter()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("flaky"));
        host.Heard.Failures = 2;
        await host.Bus.SendAsync("flaky", new Ping(5), Cancellation);
        Assert.Equal(5, host.Take());
        Assert.Equal(3, host.Heard.Tries);
        await host.DepthAsync("flaky", "nothing is left", depth => depth is { Ready: 0, DeadLetters: 0 });
    }

    [Fact]
    public async Task A_hopeless_failure_is_tried_once_and_its_dead_letter_says_why()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("hopeless").Hopeless(e => e.Message == "not yet"));
        host.Heard.Failures = int.MaxValue;
        await host.Bus.SendAsync("hopeless", new Ping(6), Cancellation);
        await host.DepthAsync("hopeless", "there is a dead letter", depth => depth.DeadLetters == 1);
        Assert.Equal(1, host.Heard.Tries);
        var headers = await host.DeadLetterAsync("hopeless");
        Assert.Equal("fault", headers["MT-Reason"]);
        Assert.Equal("not yet", headers["MT-Fault-Message"]);
    }

    [Fact]
    public async Task What_fails_every_time_becomes_a_dead_letter_after_the_last_try()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("failing"));
        host.Heard.Failures = int.MaxValue;
        await host.Bus.SendAsync("failing", new Ping(7), Cancellation);
        await host.DepthAsync("failing", "there is a dead letter", depth => depth.DeadLetters == 1);
        Assert.Equal(6, host.Heard.Tries);
    }

    [Fact]
    public async Task A_message_that_no_handler_knows_is_a_dead_letter_with_a_reason()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, PingHandler>("narrow"));
        await host.Bus.SendAsync("narrow", new Other(8), Cancellation);
        await host.DepthAsync("narrow", "there is a dead letter", depth => depth.DeadLetters == 1);
        Assert.Equal("dead-letter", (await host.DeadLetterAsync("narrow"))["MT-Reason"]);
    }

    [Fact]
    public async Task The_handler_sees_the_trace_of_the_sender()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name is "MassTransit" or "test", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var sender = await BusHost.StartAsync(broker, bus => bus.Declare("traced"));
        await using var receiver = await BusHost.StartAsync(broker, bus => bus.Handle<Ping, TraceHandler>("traced"));
        using var activity = source.StartActivity("ring") ?? throw new InvalidOperationException("nobody listens to the source");
        await sender.Bus.SendAsync("traced", new Ping(9), Cancellation);
        Assert.Equal(9, receiver.Take());
        Assert.Equal(activity.TraceId.ToString(), receiver.Heard.Trace);
    }

    [Fact]
    public async Task A_process_with_wrong_options_does_not_start_and_says_everything_that_is_wrong()
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            BusHost.StartAsync(new BusOptions { Transport = "rabbitmq", Host = "", Port = 0, DeliveryLimit = 1 }, _ => { }));
        foreach (var name in new[] { "Bus:Host", "Bus:Port", "Bus:User", "Bus:Password", "Bus:DeliveryLimit" })
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_ends_the_start_and_names_the_user()
    {
        var options = BusHost.Options(await broker.StartedAsync());
        options.Password = "wrong";
        var error = await Assert.ThrowsAsync<StartFailedException>(() => BusHost.StartAsync(options, bus => bus.Declare("closed"), new StartOptions { RefusedFor = TimeSpan.Zero }));
        Assert.Contains($"'{options.User}'", error.Message, StringComparison.Ordinal);
    }
}
