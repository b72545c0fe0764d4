using VerSemi.Domain.Messages;

namespace VerSemi.Orchestrator.Live;

/// <summary>Something that happened, for whoever looks on.</summary>
/// <param name="Id">
/// The timeline row's; of what has no row ("open", "progress", "drop", "reload") that of the newest row before it. Whoever
/// comes back with the last id that he saw misses no row and sees none twice.
/// </param>
/// <param name="Kind">
/// A timeline row's: "cycle", "run", "line", "dataset", …. Or "open": from here on nothing is missed, read the state now;
/// "progress": what a worker's heartbeat told of a run; "drop": its state changed; "reload": events were left out, read
/// the state anew.
/// </param>
/// <param name="Subject">Whose: a cycle's id, a run's id, a drop's name, ….</param>
/// <param name="Line">Null where it belongs to none.</param>
/// <param name="Event">As in the timeline: "state", "retry", …; of a drop, its state.</param>
public sealed record LiveEvent(
    long Id, string Kind, string Subject, string? Line, DateTimeOffset At, string? Event = null, string? From = null, string? To = null,
    string? Detail = null, string? Who = null, RunProgress? Progress = null)
{
    public const string Open = "open";
    public const string RunProgress = "progress";
    public const string Drop = "drop";
    public const string Reload = "reload";
}
