using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Platform.Logs;

namespace VerSemi.UnitTests.Platform.Logs;

/// <summary>Through a host's own logging, to a sink of its own.</summary>
public sealed class CuttingLoggerTests : IDisposable
{
    private readonly Sink _sink = new();
    private readonly ServiceProvider _services;
    private readonly ILogger _log;

    public CuttingLoggerTests()
    {
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_sink)).CutLogs().BuildServiceProvider();
        _log = _services.GetRequiredService<ILogger<CuttingLoggerTests>>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_long_value_is_cut_in_the_message_and_as_a_value_and_the_rest_stays()
    {
        _log.LogWarning("Drop {Drop}: {Outcome}, {Cases} cases", new string('x', 100_000), "refused", 7);
        var (message, values, _) = Assert.Single(_sink.Entries);
        Assert.Equal($"Drop {new string('x', CuttingLogger.MostOfValue)}… (99000 more characters): refused, 7 cases", message);
        Assert.Equal(7, values["Cases"]);
        Assert.True(((string)values["Drop"]!).Length < CuttingLogger.MostOfValue + 50);
        Assert.Equal("Drop {Drop}: {Outcome}, {Cases} cases", values["{OriginalFormat}"]);
    }

    [Fact]
    public void An_error_that_quotes_what_was_sent_is_cut_and_a_short_one_stays_the_same()
    {
        var (whole, quoting) = (new InvalidDataException("no gzip"), new InvalidDataException($"'{new string('y', 1_000_000)}' is no label"));
        _log.LogError(whole, "failed");
        _log.LogError(quoting, "failed");
        Assert.Same(whole, _sink.Entries[0].Exception);
        Assert.InRange(_sink.Entries[1].Exception!.ToString().Length, 100, CuttingLogger.MostOfMessage + 50);
        Assert.StartsWith("System.IO.InvalidDataException: 'yyy", _sink.Entries[1].Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_does_not_steer_the_terminal_that_shows_the_log()
    {
        _log.LogInformation("Drop {Drop}", "a\u001b]0;owned\u0007");
        Assert.Equal("Drop a\uFFFD]0;owned\uFFFD", _sink.Entries[0].Message);
    }

    private sealed class Sink : ILoggerProvider, ILogger
    {
        public List<(string Message, Dictionary<string, object?> Values, Exception? Exception)> Entries { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((formatter(state, exception), new((IEnumerable<KeyValuePair<string, object?>>)state!), exception));
        public void Dispose()
        {
        }
    }
}
