using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>A database's clock that goes on from where a test sets it; shared by all hosts of a test.</summary>
internal sealed class SetClock(DateTimeOffset start) : IDatabaseClock
{
    private volatile Setting _last = new(start, Stopwatch.GetTimestamp());

    private sealed record Setting(DateTimeOffset Time, long At);

    public DateTimeOffset Now
    {
        get
        {
            var last = _last;
            return last.Time + Stopwatch.GetElapsedTime(last.At);
        }
    }

    public void Set(DateTimeOffset time) => _last = new(time, Stopwatch.GetTimestamp());

    public void Advance(TimeSpan by) => Set(Now + by);

    public void Use(IServiceCollection services) => services.AddSingleton<IDatabaseClock>(this);
}
