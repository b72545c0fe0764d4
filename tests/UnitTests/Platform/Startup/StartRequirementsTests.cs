using Microsoft.Extensions.Logging;
using VerSemi.Platform.Startup;

namespace VerSemi.UnitTests.Platform.Startup;

public sealed class StartRequirementsTests
{
    private readonly RecordedLog _log = new();
    private readonly PassingTime _time = new();

    [Fact]
    public async Task What_is_absent_is_asked_again_ever_more_rarely_until_it_is_there()
    {
        var server = new Server("the database", Repeated(StartFailureKind.Absent, "nobody listens", 9));
        var start = Start(server);
        server.Asked = () => Assert.Equal(server.Times == 1 ? "the database (no answer yet)" : "the database (nobody listens)", Assert.Single(start.Waiting));

        await start.StartingAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10, server.Times);
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 10, 10, 10], _time.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Empty(start.Waiting);
        Assert.Equal(["The start waits for the database: nobody listens", "the database is there after 45.8 s"], _log.Lines);
    }

    [Fact]
    public async Task A_wait_is_logged_again_where_its_reason_changes_and_every_minute()
    {
        await Start(new Server("s", [.. Repeated(StartFailureKind.Absent, "no address", 2), .. Repeated(StartFailureKind.Absent, "it starts", 16)])).StartingAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["no address", "it starts", "it starts", "it starts"], _log.Lines.SkipLast(1).Select(line => line.Split(": ")[1]));
    }

    [Fact]
    public async Task A_refusal_that_ends_in_time_is_a_wait_like_others()
    {
        var server = new Server("s", [.. Repeated(StartFailureKind.Refused, "wrong password", 7)]);

        await Start(server).StartingAsync(TestContext.Current.CancellationToken);

        Assert.Equal(8, server.Times);
    }

    [Fact]
    public async Task A_refusal_that_lasts_ends_the_start_with_its_reason()
    {
        var error = await Assert.ThrowsAsync<StartFailedException>(() =>
            Start(new Server("the broker", Repeated(StartFailureKind.Refused, "wrong password", 99))).StartingAsync(TestContext.Current.CancellationToken));

        Assert.Equal("the broker: wrong password", error.Message);
        Assert.InRange(_time.Elapsed.TotalSeconds, 30, 40);
    }

    [Fact]
    public async Task A_server_that_went_away_in_between_may_refuse_as_long_once_more()
    {
        var failures = Repeated(StartFailureKind.Refused, "r", 8).Concat(Repeated(StartFailureKind.Absent, "a", 1)).Concat(Repeated(StartFailureKind.Refused, "r", 3));

        await Start(new Server("s", [.. failures])).StartingAsync(TestContext.Current.CancellationToken);

        Assert.True(_time.Elapsed > TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task What_no_waiting_changes_ends_the_start_at_once_also_where_others_are_absent()
    {
        var (absent, wrong) = (new Server("absent", Repeated(StartFailureKind.Absent, "a", int.MaxValue)), new Server("wrong", Repeated(StartFailureKind.Wrong, "another shape", 1)));
        var start = new StartRequirements([absent, wrong], new StartOptions(), TimeProvider.System, _log);

        var error = await Assert.ThrowsAsync<StartFailedException>(() => start.StartingAsync(TestContext.Current.CancellationToken));

        Assert.Equal("wrong: another shape", error.Message);
        Assert.Equal(1, wrong.Times);
    }

    private StartRequirements Start(IStartRequirement requirement) => new([requirement], new StartOptions { RefusedFor = TimeSpan.FromSeconds(30) }, _time, _log);

    private static IEnumerable<StartFailure> Repeated(StartFailureKind kind, string reason, int times) => Enumerable.Repeat(new StartFailure(kind, reason), times);

    private sealed class Server(string name, IEnumerable<StartFailure> failures) : IStartRequirement
    {
        private readonly IEnumerator<StartFailure> _failures = failures.GetEnumerator();

        public string Name => name;
        public int Times { get; private set; }
        public Action? Asked { get; set; }

        public Task MeetAsync(CancellationToken cancellation)
        {
            Times++;
            Asked?.Invoke();
            return _failures.MoveNext() ? Task.FromException(new IOException(_failures.Current.Reason)) : Task.CompletedTask;
        }

        public StartFailure Explain(Exception failure) => _failures.Current;
    }

    /// <summary>A clock on which every pause is over at once, and counts.</summary>
    private sealed class PassingTime : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];
        public TimeSpan Elapsed => TimeSpan.FromTicks(Pauses.Sum(pause => pause.Ticks));
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class RecordedLog : ILogger<StartRequirements>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }
    }
}
