using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.IntegrationTests.Platform.Blobs;
using VerSemi.Platform.Hints;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.Hints;

/// <summary>The reader on a real queue.</summary>
public sealed class HintQueueTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly string _name = $"hints-{Guid.NewGuid():N}";
    private readonly Handler _handler = new();
    private readonly Words _log = new();
    private string _account = null!;
    private QueueClient _queue = null!, _poison = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = (await azurite.ServerAsync()).ConnectionString;
        (_queue, _poison) = (new QueueClient(_account, _name), new QueueClient(_account, $"{_name}-poison"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_message_comes_to_the_handler_and_is_gone_then_though_the_queue_was_missing_at_first()
    {
        using var host = await StartAsync();
        await Eventually.TrueAsync("the queue was made", async () => await _queue.ExistsAsync(Stop), Stop);
        var sent = Enumerable.Range(0, 40).Select(i => $"hint {i}").ToList();
        foreach (var body in sent.Append("hint 0"))
            await _queue.SendMessageAsync(body, Stop);
        await Eventually.TrueAsync("all came", () => Task.FromResult(_handler.Taken.Count == 41), Stop);
        Assert.Equal(sent.Order(), _handler.Taken.Distinct().Order());
        await EmptyAsync();
        Assert.False(await _poison.ExistsAsync(Stop));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task What_cannot_be_understood_goes_to_the_poison_queue_at_once_and_the_log_says_why()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        await _queue.SendMessageAsync("unreadable", Stop);
        await _queue.SendMessageAsync("fine", Stop);
        using var host = await StartAsync();
        Assert.Equal("unreadable", await PoisonedAsync());
        await Eventually.TrueAsync("the other came", () => Task.FromResult(_handler.Taken.Contains("fine")), Stop);
        Assert.Equal(1, _handler.Tries["unreadable"]);
        await LoggedAsync("after 1 tries: it is all Greek");
        await EmptyAsync();
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task What_fails_again_and_again_goes_to_the_poison_queue_after_as_many_tries_as_the_options_say()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        await _queue.SendMessageAsync("fails", Stop);
        using var host = await StartAsync();
        Assert.Equal("fails", await PoisonedAsync());
        Assert.Equal(2, _handler.Tries["fails"]);
        Assert.Contains(_log.All, line => line.Contains("try 1 of 2: no luck", StringComparison.Ordinal));
        await LoggedAsync("after 2 tries: no luck");
        await EmptyAsync();
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task What_never_came_to_an_end_is_not_tried_for_ever()
    {
        await _queue.CreateAsync(cancellationToken: Stop);
        await _queue.SendMessageAsync("kills", Stop);
        for (var taken = 0; taken < 2; taken++)
            await Eventually.TrueAsync("a process takes it and dies", async () => (await _queue.ReceiveMessagesAsync(1, TimeSpan.FromSeconds(1), Stop)).Value.Length == 1, Stop);
        using var host = await StartAsync();
        Assert.Equal("kills", await PoisonedAsync());
        Assert.False(_handler.Tries.ContainsKey("kills"));
        await host.StopAsync(Stop);
    }

    [Fact]
    public void A_queue_that_is_not_named_is_not_read_and_faults_of_the_options_are_told_at_once()
    {
        Assert.Empty(new ServiceCollection().AddHintQueue<Handler>(new HintQueueOptions()));
        var errors = new HintQueueOptions { QueueName = "No", MaxDequeue = 0, ServiceUri = "http://a", PollAtMost = TimeSpan.Zero }.Errors();
        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("Hints:QueueName is 'No'", StringComparison.Ordinal));
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSingleton(_handler).AddHintQueue<Handler>(new HintQueueOptions
        {
            QueueName = _name,
            ConnectionString = _account,
            MaxDequeue = 2,
            PollInterval = TimeSpan.FromMilliseconds(50),
            PollAtMost = TimeSpan.FromMilliseconds(200),
            Visibility = TimeSpan.FromSeconds(1),
        });
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    /// <summary>A message is in the poison queue before that is logged.</summary>
    private Task LoggedAsync(string words) =>
        Eventually.TrueAsync($"'{words}' is logged", () => Task.FromResult(_log.All.Any(line => line.Contains(words, StringComparison.Ordinal))), Stop);

    private Task<string> PoisonedAsync() => Eventually.GetAsync("a message is in the poison queue", async () =>
        await _poison.ExistsAsync(Stop) && (await _poison.PeekMessagesAsync(1, Stop)).Value is [var message] ? message.Body.ToString() : null, Stop);

    private Task EmptyAsync() => Eventually.TrueAsync("the queue is empty", async () => (await _queue.GetPropertiesAsync(Stop)).Value.ApproximateMessagesCount == 0, Stop);

    internal sealed class Handler : IHintHandler
    {
        public ConcurrentQueue<string> Taken { get; } = [];
        public ConcurrentDictionary<string, int> Tries { get; } = [];

        public Task HandleAsync(string body, CancellationToken cancellation)
        {
            Tries.AddOrUpdate(body, 1, (_, tries) => tries + 1);
            switch (body)
            {
                case "unreadable": throw new InvalidDataException("it is all Greek");
                case "fails": throw new IOException("no luck");
            }
            Taken.Enqueue(body);
            return Task.CompletedTask;
        }
    }

    private sealed class Words : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));
        public void Dispose() { }
    }
}
