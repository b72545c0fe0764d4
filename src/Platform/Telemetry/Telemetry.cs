using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VerSemi.Platform.Telemetry;

public static class Telemetry
{
    public const string SourceName = "VerSemi";
    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>Of what happens in this process: counters and durations. What is, and outlives a process, is read where it is kept.</summary>
    public static readonly Meter Meter = new(SourceName);

    /// <summary>W3C trace context of what happens now, to be kept with a row; null where nobody records traces.</summary>
    public static string? TraceParent => Activity.Current?.Id;

    /// <summary>Work on something that was begun elsewhere, perhaps long ago: it joins that trace. Null where nobody records traces.</summary>
    /// <param name="traceParent">As <see cref="TraceParent"/> was then; null: what happens now.</param>
    public static Activity? Join(string name, string? traceParent, ActivityKind kind = ActivityKind.Internal) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, kind, parent)
            : Source.StartActivity(name, kind);
}
