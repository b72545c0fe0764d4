using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VerSemi.Platform.Logs;

/// <summary>
/// Every log of a host by way of <see cref="OutsideText"/>, for all sinks: a name, a reason or an error's message from
/// outside neither fills the log nor feigns lines of it.
/// </summary>
internal sealed class CuttingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new CuttingLogger(inner.CreateLogger(categoryName));
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);
    public void Dispose() => inner.Dispose();
}

internal sealed class CuttingLogger(ILogger inner) : ILogger
{
    /// <summary>Of one value.</summary>
    public const int MostOfValue = 1000;

    /// <summary>Of a whole message, and of an exception with its stack trace.</summary>
    public const int MostOfMessage = 16_000;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
            return;
        var fitting = exception is null ? null : Fitting(exception);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values && values.Any(value => value.Value is string text && CutValues.Cut(text) != text))
            inner.Log(logLevel, eventId, new CutValues(values, formatter(state, exception)), fitting, static (cut, _) => cut.ToString());
        else
            inner.Log(logLevel, eventId, state, fitting, (given, e) => OutsideText.Cut(formatter(given, e), MostOfMessage, keepsLines: true));
    }

    private static Exception Fitting(Exception exception) =>
        exception.ToString() is var text && OutsideText.Cut(text, MostOfMessage, keepsLines: true) is var cut && cut == text ? exception : new CutException(exception, cut);

    /// <summary>An exception as a log shows it.</summary>
    private sealed class CutException(Exception whole, string text) : Exception(OutsideText.Cut(whole.Message, MostOfValue, keepsLines: true))
    {
        public override string? StackTrace => null;
        public override string ToString() => text;
    }
}

/// <summary>A message and its values, cut.</summary>
internal sealed class CutValues : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _values;
    private readonly string _message;

    public CutValues(IReadOnlyList<KeyValuePair<string, object?>> values, string message)
    {
        _values = [.. values.Select(value => new KeyValuePair<string, object?>(value.Key, value.Value is string text ? Cut(text) : value.Value))];
        foreach (var text in values.Select(value => value.Value).OfType<string>().Where(text => Cut(text) != text))
            message = message.Replace(text, Cut(text), StringComparison.Ordinal);
        _message = OutsideText.Cut(message, CuttingLogger.MostOfMessage, keepsLines: true);
    }

    public int Count => _values.Length;
    public KeyValuePair<string, object?> this[int index] => _values[index];
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _message;

    public static string Cut(string text) => OutsideText.Cut(text, CuttingLogger.MostOfValue, keepsLines: true);
}

public static class LogRegistration
{
    /// <summary>After the host's own logging is there.</summary>
    public static IServiceCollection CutLogs(this IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new CuttingLoggerFactory(new LoggerFactory(
        provider.GetServices<ILoggerProvider>(), provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(), provider.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
        provider.GetService<IExternalScopeProvider>()))));
}
