using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace VerSemi.GpuTrainer.Service;

/// <summary>
/// Gives each attempt the last lines that were logged within it, and no others: not those of an earlier run, and not those of
/// the services that share the process. They stay with the run when the process is gone.
/// </summary>
[ProviderAlias("LogTail")]
internal sealed class LogTail(TimeProvider time) : ILoggerProvider
{
    private readonly AsyncLocal<AttemptLines?> _current = new();
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    /// <summary>What the caller logs from now on, and all that it starts, on whichever thread.</summary>
    public AttemptLines Begin() => _current.Value = new AttemptLines();

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Logger(this, name));

    public void Dispose()
    {
    }

    private sealed class Logger(LogTail tail, string category) : ILogger
    {
        private readonly bool _isOurs = category.StartsWith("VerSemi", StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => _isOurs && logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && tail._current.Value is { } lines)
                foreach (var line in $"{formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}".Split('\n'))
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{tail.Now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {logLevel} {line.TrimEnd()}"));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
