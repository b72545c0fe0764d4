using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Startup;

/// <summary>Holds the start back until every requirement is met. All are asked at the same time, so that everything that is missing is named at once.</summary>
public sealed partial class StartRequirements(IEnumerable<IStartRequirement> requirements, StartOptions options, TimeProvider time, ILogger<StartRequirements> log) : IHostedLifecycleService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>A wait whose reason does not change is logged again after this.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, string> _waiting = new(requirements.Select(requirement => KeyValuePair.Create(requirement.Name, "no answer yet")));

    /// <summary>What the start waits for, each with its reason; empty when everything is there.</summary>
    public IReadOnlyList<string> Waiting => [.. _waiting.Select(wait => $"{wait.Key} ({wait.Value.TrimEnd('.')})").Order(StringComparer.Ordinal)];

    /// <exception cref="StartFailedException">A requirement cannot be met, or its server refused this process for too long.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(requirements.Select(requirement => MeetAsync(requirement, stop)));
    }

    private async Task MeetAsync(IStartRequirement requirement, CancellationTokenSource stop)
    {
        var wait = new Wait(time.GetTimestamp());
        while (!await TryAsync(requirement, wait, stop))
        {
            await Task.Delay(wait.Pause, time, stop.Token);
            wait.Pause = wait.Pause * 2 < LongestPause ? wait.Pause * 2 : LongestPause;
        }
        _waiting.TryRemove(requirement.Name, out _);
        if (wait.Reason is not null)
            LogThere(requirement.Name, time.GetElapsedTime(wait.Begun).TotalSeconds);
    }

    private async Task<bool> TryAsync(IStartRequirement requirement, Wait wait, CancellationTokenSource stop)
    {
        try
        {
            await requirement.MeetAsync(stop.Token);
            return true;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            var failure = requirement.Explain(e);
            wait.RefusedSince = failure.Kind == StartFailureKind.Refused ? wait.RefusedSince ?? time.GetTimestamp() : null;
            Tell(requirement.Name, failure, wait);
            if (failure.Kind != StartFailureKind.Wrong && !(wait.RefusedSince is { } since && time.GetElapsedTime(since) >= options.RefusedFor))
                return false;
            // The other requirements would go on waiting, and the start with them.
            await stop.CancelAsync();
            throw new StartFailedException($"{requirement.Name}: {failure.Reason}", e);
        }
    }

    private void Tell(string name, StartFailure failure, Wait wait)
    {
        _waiting[name] = failure.Reason;
        if (failure.Reason == wait.Reason && time.GetElapsedTime(wait.Told) < RepeatAfter)
            return;
        (wait.Reason, wait.Told) = (failure.Reason, time.GetTimestamp());
        LogWaiting(name, failure.Reason);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Wait(long begun)
    {
        public long Begun { get; } = begun;
        public TimeSpan Pause { get; set; } = FirstPause;
        public long? RefusedSince { get; set; }

        /// <summary>The reason that was logged last.</summary>
        public string? Reason { get; set; }
        public long Told { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The start waits for {Requirement}: {Reason}")]
    private partial void LogWaiting(string requirement, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Requirement} is there after {Seconds:0.0} s")]
    private partial void LogThere(string requirement, double seconds);
}
