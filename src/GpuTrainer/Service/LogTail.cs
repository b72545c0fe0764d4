using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace VerSemi.GpuTrainer.Service;

/// <summary>The last lines that this process logged of its own work: they stay with the run when the process is gone.</summary>
[ProviderAlias("LogTail")]
internal sealed class LogTail(TimeProvider time) : ILoggerProvider
{
    public const int Lines = 200;

    private readonly Queue<string> _lines = [];
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    /// <summary>Counts every line that ever was.</summary>
    public long Count { get; private set; }

    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines) + '\n';
        }
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Logger(this, name));

    private void Add(string line)
    {
        lock (_lines)
        {
            Count++;
            _lines.Enqueue(line);
            if (_lines.Count > Lines)
                _lines.Dequeue();
        }
    }

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
            if (IsEnabled(logLevel))
                foreach (var line in $"{formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}".Split('\n'))
                    tail.Add(string.Create(CultureInfo.InvariantCulture, $"{tail.Now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {logLevel} {line.TrimEnd()}"));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
