using VerSemi.Orchestrator.Access;

namespace VerSemi.Orchestrator.Api;

/// <summary>Makes a cron schedule. Words and bounds as in the settings (<see cref="Schedules.ScheduleOptions"/>).</summary>
public sealed record NewSchedule(
    string Name, string Cron, string Who, string? Why = null, string Line = "main", string TimeZone = "UTC", string Overlap = "skip", string CatchUp = "none", double JitterSeconds = 0) : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <param name="Origin">"settings", or who made it.</param>
/// <param name="Next">When its next five firings are due, jitter included, UTC. They come also while it is paused, and are recorded as such.</param>
public sealed record ScheduleView(
    string Name, string Line, string Cron, string TimeZone, string Overlap, string CatchUp, double JitterSeconds, bool Paused, string? PausedBy, string Origin,
    DateTimeOffset? LastFired, IReadOnlyList<DateTimeOffset> Next);

/// <param name="Firings">The newest fifty.</param>
public sealed record ScheduleDetail(ScheduleView Schedule, IReadOnlyList<FiringView> Firings, IReadOnlyList<TimelineView> Timeline);

/// <param name="Schedule">"data": new data.</param>
/// <param name="ScheduledFor">Null for new data.</param>
/// <param name="Fired">False: it did not, and the reason says why.</param>
/// <param name="Cycle">Null where it did not fire, or its cycle has not begun yet.</param>
public sealed record FiringView(string Schedule, string Line, DateTimeOffset? ScheduledFor, DateTimeOffset At, bool Fired, string Reason, string? Cycle);
