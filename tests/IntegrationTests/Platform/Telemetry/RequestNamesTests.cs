using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Telemetry;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Platform.Telemetry;

/// <summary>What a request's address says of a case stands in no trace and no log line of the request.</summary>
public sealed class RequestNamesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_span_has_the_route_and_not_the_path()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", ActivityStopped = spans.Enqueue };
        ActivitySource.AddActivityListener(listener);
        await using var app = await StartAsync(new ScopedLog());

        await AskAsync(app);
        await Eventually.TrueAsync("the span has ended", () => Task.FromResult(spans.Any(IsOurs)), Stop);

        var span = spans.First(IsOurs);
        Assert.Equal("/cases/{name}/image.nii.gz", span.GetTagItem("url.path"));
        Assert.All(span.TagObjects, tag => Assert.DoesNotContain("Jane", $"{tag.Value}", StringComparison.Ordinal));
        Assert.DoesNotContain("Jane", span.DisplayName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_line_of_the_request_has_no_path()
    {
        var log = new ScopedLog();
        await using var app = await StartAsync(log);

        await AskAsync(app);

        var line = Assert.Single(log.Lines, line => line.Contains("looked at", StringComparison.Ordinal));
        Assert.DoesNotContain("Jane", line, StringComparison.Ordinal);
    }

    private static bool IsOurs(Activity span) => $"{span.GetTagItem("http.route")}".StartsWith("/cases", StringComparison.Ordinal);

    private static async Task AskAsync(WebApplication app)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal("Jane Doe", await http.GetStringAsync("/cases/Jane%20Doe/image.nii.gz?patient=Jane", Stop));
    }

    private static async Task<WebApplication> StartAsync(ScopedLog log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ServiceHost.Log(builder.Logging, new ServiceOptions());
        builder.Logging.AddProvider(log);
        // Nobody takes what is sent: what is recorded is the question.
        builder.Services.AddTelemetry("test", new TelemetryOptions { OtlpEndpoint = "http://127.0.0.1:1" }, scraped: false);
        var app = builder.Build();
        app.MapGet("/cases/{name}/image.nii.gz", (string name, ILoggerFactory loggers) =>
        {
            loggers.CreateLogger("VerSemi.Test").LogInformation("An image was looked at");
            return name;
        });
        await app.StartAsync(Stop);
        return app;
    }

    /// <summary>Lines with what their scopes say.</summary>
    private sealed class ScopedLog : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = [];

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;
        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => _scopes.Push(state);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            _scopes.ForEachScope((scope, said) => said.Add($"{scope}"), scopes);
            Lines.Enqueue($"{formatter(state, exception)} {string.Join(' ', scopes)}");
        }

        public void Dispose() { }
    }
}
